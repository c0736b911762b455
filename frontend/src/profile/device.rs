//! What a browser says of itself, in a few words.

/// The first of the names whose sign is in the text. The order matters: most browsers also claim to be another.
fn first(text: &str, signs: &[(&str, &'static str)]) -> Option<&'static str> {
    signs.iter().find(|(sign, _)| text.contains(sign)).map(|(_, name)| *name)
}

/// The browser's name, from its `User-Agent`.
pub fn browser(user_agent: &str) -> Option<&'static str> {
    first(
        user_agent,
        &[
            ("Edg/", "Edge"),
            ("OPR/", "Opera"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"),
            ("CriOS/", "Chrome"),
            ("Safari/", "Safari"),
            ("curl/", "curl"),
        ],
    )
}

/// The system's name, from the `User-Agent`.
pub fn system(user_agent: &str) -> Option<&'static str> {
    first(
        user_agent,
        &[
            ("Android", "Android"),
            ("iPhone", "iOS"),
            ("iPad", "iPadOS"),
            ("Windows", "Windows"),
            ("Mac OS X", "macOS"),
            ("CrOS", "ChromeOS"),
            ("Linux", "Linux"),
        ],
    )
}
