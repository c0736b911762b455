//! Line drawings, 18 by 18, and the mark of the house.

use leptos::prelude::*;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbol {
    /// A ticket stub.
    Ticket,
    /// Something somebody says.
    Comment,
    /// Someone.
    Person,
    /// A list of labels.
    Labels,
    /// A magnifying glass.
    Search,
    /// A clock.
    Clock,
    /// The moon: dark.
    Moon,
    /// The sun: light.
    Sun,
    /// Half and half: as the system says.
    Contrast,
    /// A plus.
    Plus,
    /// A cross.
    Cross,
    /// A check.
    Check,
    /// A small arrow down.
    Down,
    /// Two arrows to the left.
    Collapse,
    /// An eye.
    Eye,
    /// An eye, crossed out.
    EyeOff,
    /// A person's ticket.
    Inbox,
    /// A question without an owner.
    Unassigned,
    /// A flame for what cannot wait.
    Urgent,
    /// An envelope.
    Mail,
    /// A bell.
    Bell,
    /// A warning.
    Warning,
    /// A door to leave by.
    Leave,
    /// The globe: a language.
    Language,
    /// A list with a check: what happened.
    Log,
    /// Sliders: settings.
    Sliders,
    /// An i in a circle.
    Info,
    /// A paper clip.
    Clip,
    /// A sheet of paper.
    File,
    /// A lock: not for everyone.
    Lock,
    /// A line that is broken.
    Offline,
    /// A paper plane: sends.
    Send,
    /// An arrow to the left: back.
    Back,
    /// A line: makes small.
    Minus,
    /// Four arrows: moves.
    Move,
    /// Two arrows outwards: makes large.
    Expand,
    /// A pencil.
    Pencil,
    /// A bin.
    Bin,
    /// A circle: sent.
    Circle,
    /// Two checks.
    Checks,
    /// Cards side by side: the dashboard.
    Board,
    /// Rows and columns.
    Table,
    /// A funnel: what is left of a list.
    Funnel,
}

impl Symbol {
    /// Every drawing, in the order above.
    pub const ALL: [Self; 43] = [
        Self::Ticket,
        Self::Comment,
        Self::Person,
        Self::Labels,
        Self::Search,
        Self::Clock,
        Self::Moon,
        Self::Sun,
        Self::Contrast,
        Self::Plus,
        Self::Cross,
        Self::Check,
        Self::Down,
        Self::Collapse,
        Self::Eye,
        Self::EyeOff,
        Self::Inbox,
        Self::Unassigned,
        Self::Urgent,
        Self::Mail,
        Self::Bell,
        Self::Warning,
        Self::Leave,
        Self::Language,
        Self::Log,
        Self::Sliders,
        Self::Info,
        Self::Clip,
        Self::File,
        Self::Lock,
        Self::Offline,
        Self::Send,
        Self::Back,
        Self::Minus,
        Self::Move,
        Self::Expand,
        Self::Pencil,
        Self::Bin,
        Self::Circle,
        Self::Checks,
        Self::Board,
        Self::Table,
        Self::Funnel,
    ];

    fn path(self) -> &'static str {
        match self {
            Self::Ticket => "M2 5h14v2.6a1.4 1.4 0 0 0 0 2.8V13H2v-2.6a1.4 1.4 0 0 0 0-2.8z",
            Self::Comment => "M3 3.5h12v8.5H8l-3.5 3V12H3z",
            Self::Person => "M9 8.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4zM3.5 15c.5-3 2.7-4.4 5.5-4.4s5 1.4 5.5 4.4",
            Self::Labels => "M2.5 3h5.8l7.2 7.2-5.3 5.3L3 8.3zM6 6.2v.1",
            Self::Search => "M8 13a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM12 12l3.5 3.5",
            Self::Clock => "M9 5v4.2l2.6 1.6M9 16A7 7 0 1 0 9 2a7 7 0 0 0 0 14z",
            Self::Moon => "M14.5 10.6A6 6 0 1 1 7.4 3.5a5 5 0 0 0 7.1 7.1z",
            Self::Sun => {
                "M9 12.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM9 1.5v1.7M9 14.8v1.7M1.5 9h1.7M14.8 9h1.7M3.7 3.7l1.2 1.2M13.1 13.1l1.2 1.2M14.3 3.7l-1.2 1.2M4.9 13.1l-1.2 1.2"
            }
            Self::Contrast => "M9 16A7 7 0 1 0 9 2a7 7 0 0 0 0 14zM9 2v14M9 5h4.7M9 8h6.6M9 11h6.4M9 14h4",
            Self::Plus => "M9 3.5v11M3.5 9h11",
            Self::Cross => "M4.5 4.5l9 9M13.5 4.5l-9 9",
            Self::Check => "M3.5 9.5l3.7 3.7 7.3-8",
            Self::Down => "M5 7.5l4 4 4-4",
            Self::Collapse => "M9 4L4 9l5 5M14.5 4l-5 5 5 5",
            Self::Eye => {
                "M1.8 9S4.5 4 9 4s7.2 5 7.2 5-2.7 5-7.2 5-7.2-5-7.2-5zM9 11.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z"
            }
            Self::EyeOff => {
                "M3 3l12 12M7.4 4.2A7 7 0 0 1 9 4c4.5 0 7.2 5 7.2 5a12 12 0 0 1-2 2.6M11.6 13.5A7 7 0 0 1 9 14c-4.5 0-7.2-5-7.2-5a12 12 0 0 1 2.6-3.1"
            }
            Self::Inbox => "M2.5 10.5L4.6 3.500h8.800l2.100 7v4h-13zM2.500 10.500h3.700l1 2h3.600l1-2h3.700",
            Self::Unassigned => {
                "M8 8.500a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400zM2.500 15c.5-3 2.700-4.400 5.500-4.400M12.500 10.500v5M10 13h5"
            }
            Self::Urgent => "M9 2.500l7 12.500H2zM9 7v3.600M9 12.700v.2",
            Self::Bell => "M4 13c1-1 1.500-2.500 1.500-5a3.500 3.500 0 0 1 7 0c0 2.500.5 4 1.500 5zM7.500 15.500h3",
            Self::Mail => "M2.500 4.500h13v9h-13zM2.500 5l6.500 5 6.500-5",
            Self::Warning => "M9 16A7 7 0 1 0 9 2a7 7 0 0 0 0 14zM9 5.500v4M9 12.300v.2",
            Self::Language => {
                "M9 16A7 7 0 1 0 9 2a7 7 0 0 0 0 14zM2 9h14M9 2c2.400 2 3.200 4.400 3.200 7S11.400 14 9 16M9 2C6.600 4 5.800 6.400 5.800 9s.8 5 3.200 7"
            }
            Self::Log => "M3 4h8M3 8.5h6M3 13h4M9.500 13.500l2 2 4-4.500",
            Self::Sliders => {
                "M3 5h5M12 5h3M10 3.200v3.600M3 9h1.500M8.500 9H15M6.500 7.200v3.600M3 13h6.500M13.500 13H15M11.500 11.200v3.600"
            }
            Self::Info => "M9 16A7 7 0 1 0 9 2a7 7 0 0 0 0 14zM9 8.500v4M9 5.600v.1",
            Self::Clip => {
                "M14.500 8.500l-5.800 5.800a3.300 3.300 0 0 1-4.700-4.700l6.300-6.300a2.200 2.200 0 0 1 3.100 3.100l-6.300 6.300a1.100 1.100 0 0 1-1.500-1.500l5.400-5.400"
            }
            Self::File => "M4.500 2.500h6l3 3v10h-9zM10.500 2.500v3h3",
            Self::Lock => "M4.500 8.500h9v6.500h-9zM6 8.500V6a3 3 0 0 1 6 0v2.500M9 11v1.800",
            Self::Offline => {
                "M2.500 7a9.500 9.500 0 0 1 4-2.300M11 4.600A9.500 9.500 0 0 1 15.500 7M5 10a6 6 0 0 1 3-1.700M9 13.500v.2M3 2.500l12 12.500"
            }
            Self::Send => "M2.5 3.500l13 5.500-13 5.500 2-5.500zM4.500 9h5",
            Self::Back => "M8 4L3 9l5 5M3 9h12",
            Self::Minus => "M4 9h10",
            Self::Move => "M9 2v14M2 9h14M7 4l2-2 2 2M7 14l2 2 2-2M4 7L2 9l2 2M14 7l2 2-2 2",
            Self::Expand => "M10.500 3H15v4.500M7.500 15H3v-4.500M15 3l-5 5M3 15l5-5",
            Self::Pencil => "M3 15l.8-3.400 8.300-8.300 2.600 2.600-8.300 8.300zM10.700 4.700l2.600 2.600",
            Self::Bin => "M3.500 5h11M7 5V3h4v2M5 5l.7 10h6.600L13 5M7.700 8v4.500M10.300 8v4.500",
            Self::Circle => "M9 13.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9z",
            Self::Checks => "M1.500 9.500l3.500 3.500 6.500-7.500M8.500 12l1 1 6.500-7.500",
            Self::Board => "M2.500 9.500h5v6h-5zM10.500 2.500h5v13h-5zM2.500 2.500h5v4h-5z",
            Self::Table => "M2.500 3.500h13v11h-13zM2.500 7.500h13M2.500 11h13M7 7.500v7",
            Self::Funnel => "M3 4h12l-4.700 5.700V14l-2.600 1.400V9.700z",
            Self::Leave => "M7 3H3.500v12H7M11.500 5.500L15 9l-3.500 3.500M15 9H7",
        }
    }
}

/// A drawing beside words; screen readers pass over it.
#[component]
pub fn Icon(
    /// What is drawn.
    symbol: Symbol,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 18 18" width="18" height="18" fill="none" stroke="currentColor" stroke-width="1.6"
            stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
            <path d=symbol.path()></path>
        </svg>
    }
}

/// The mark of the house: a stub with a T.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg class="logo" viewBox="0 0 28 28" width="26" height="26" aria-hidden="true">
            <path class="logo-paper" d="M4 6h20v5.2a2.8 2.8 0 0 0 0 5.6V22H4v-5.2a2.8 2.8 0 0 0 0-5.6z"></path>
            <path class="logo-ink" d="M10 11h8M14 11v8" fill="none" stroke-width="2.4" stroke-linecap="round"></path>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn all_of_them_are_listed() {
        let source = include_str!("mod.rs");
        let variants = source.split("pub enum Symbol {").nth(1).and_then(|rest| rest.split('}').next()).unwrap();
        let variants: Vec<&str> = variants.lines().filter_map(|line| line.trim().strip_suffix(',')).collect();
        assert!(variants.len() > 20, "the symbols were not found");
        assert_eq!(Symbol::ALL.map(|symbol| format!("{symbol:?}")).to_vec(), variants);
    }
}
