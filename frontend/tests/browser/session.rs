//! The session's arithmetic, in the browser it runs in.

use chrono::{DateTime, TimeDelta, Utc};
use frontend::session::Countdown;
use shared::{
    accounts::{Locale, Role, Theme, User},
    ids::{EventId, UserId},
    session::{SessionInfo, SessionMode},
};
use wasm_bindgen_test::wasm_bindgen_test;

/// A session of so many seconds, by a server whose clock is years off.
fn info(seconds: i64, mode: SessionMode) -> SessionInfo {
    let now = DateTime::<Utc>::from_timestamp(1_000_000, 0).unwrap();
    SessionInfo {
        user: User {
            id: UserId(1),
            username: "ana".to_owned(),
            name: "Ana Ruiz".to_owned(),
            email: "ana@example.org".to_owned(),
            role: Role::User,
            active: true,
            locale: Locale::Es,
            theme: Theme::System,
            avatar_url: None,
            last_seen_at: None,
            created_at: now,
        },
        csrf_token: "token".to_owned(),
        expires_at: now + TimeDelta::seconds(seconds),
        now,
        mode,
        event: EventId(1),
    }
}

#[wasm_bindgen_test]
fn the_servers_clock_does_not_matter() {
    let countdown = Countdown::from_info(&info(300, SessionMode::Strict), 5_000.0, None);
    assert_eq!(countdown.clock(5_000.0), "5:00");
    assert_eq!(countdown.clock(6_000.0), "4:59");
    assert_eq!(countdown.clock(304_999.0), "0:01");
    assert!(!countdown.is_over(304_999.0));
    assert!(countdown.is_over(305_000.0));
    assert_eq!(countdown.clock(999_999.0), "0:00");
}

#[wasm_bindgen_test]
fn the_warning_comes_in_the_last_minute_or_the_last_half() {
    let long = Countdown::from_info(&info(300, SessionMode::Strict), 0.0, None);
    assert!(!long.is_warning(239_000.0));
    assert!(long.is_warning(240_000.0));
    let short = Countdown::from_info(&info(6, SessionMode::Strict), 0.0, None);
    assert!(!short.is_warning(2_000.0));
    assert!(short.is_warning(3_000.0));
}

#[wasm_bindgen_test]
fn a_request_puts_off_the_end_of_a_strict_session_only() {
    let strict = Countdown::from_info(&info(300, SessionMode::Strict), 0.0, None).after_request(100_000.0);
    assert_eq!(strict.clock(100_000.0), "5:00");
    // An answer that was overtaken by a later one takes nothing back.
    assert_eq!(strict.after_request(50_000.0), strict);
    let absolute = Countdown::from_info(&info(300, SessionMode::Absolute), 0.0, None).after_request(100_000.0);
    assert_eq!(absolute.clock(100_000.0), "3:20");
}

#[wasm_bindgen_test]
fn a_page_that_is_reloaded_late_remembers_the_whole_length() {
    let countdown = Countdown::from_info(&info(20, SessionMode::Strict), 0.0, Some(300_000.0));
    assert_eq!(countdown.clock(0.0), "0:20");
    assert_eq!(countdown.after_request(1_000.0).clock(1_000.0), "5:00");
}

#[wasm_bindgen_test]
fn the_way_back_never_leaves_the_page() {
    use frontend::app::way_back;
    assert_eq!(way_back(Some("/tickets/7?x=1")), "/tickets/7?x=1");
    for bad in
        [None, Some("//evil.example"), Some("/\\evil.example"), Some("https://evil.example"), Some("/login?next=/")]
    {
        assert_eq!(way_back(bad), "/", "{bad:?}");
    }
}
