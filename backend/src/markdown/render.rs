//! From Markdown's events to those that are written.

use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, LinkType, Tag, TagEnd};
use pulldown_cmark_escape::{escape_href, escape_html};

use super::{
    Names, Place, key,
    target::Target,
    words::{Piece, pieces, readings},
};

/// Elements lie no deeper in one another; what is deeper is shown without its own. Nobody writes so, and a browser, like
/// the sanitizer, takes time that grows with the square of the depth.
const DEPTH: usize = 24;
/// So many addresses, numbers and names of one text become more than words.
const FOUND: usize = 1_000;
/// Text is written in runs of so many bytes: what writes HTML at the end looks, after each `&`, through all that is left of
/// a run.
const RUN: usize = 1_024;
/// A line of code that is longer may have to be scrolled to be read.
const NARROW: usize = 32;

/// How an element that is open ends.
enum Close {
    /// As it began.
    Tag(TagEnd),
    /// With this.
    Html(&'static str),
    /// A link.
    Link,
    /// It never began.
    Nothing,
}

/// Takes events in and gives those that are written.
pub struct Renderer<'s, 'n> {
    names: &'n Names,
    /// What comes before the paths of the desk.
    desk: &'n str,
    place: Place,
    out: Vec<Event<'s>>,
    open: Vec<Close>,
    /// How many of the open elements have begun.
    depth: usize,
    in_link: bool,
    /// An image without words so far.
    image: Option<String>,
    columns: Vec<Alignment>,
    column: usize,
    cell: (&'static str, &'static str),
    found: usize,
}

impl<'s, 'n> Renderer<'s, 'n> {
    pub fn new(names: &'n Names) -> Self {
        Self {
            names,
            desk: "",
            place: Place::default(),
            out: Vec::new(),
            open: Vec::new(),
            depth: 0,
            in_link: false,
            image: None,
            columns: Vec::new(),
            column: 0,
            cell: ("td", "</td>"),
            found: 0,
        }
    }

    /// For a text that is read away from the desk, whose address this is.
    pub fn elsewhere(self, desk: &'n str) -> Self {
        Self { desk: desk.trim_end_matches('/'), ..self }
    }

    pub fn finish(self) -> Vec<Event<'s>> {
        self.out
    }

    pub fn take(&mut self, event: Event<'s>) {
        let literal = !self.place.is_prose();
        let before = self.place.before;
        self.place.pass(&event);
        match event {
            Event::Start(tag) => {
                let close = self.start(tag);
                self.depth += usize::from(!matches!(close, Close::Nothing));
                self.open.push(close);
            }
            Event::End(end) => self.end(end),
            Event::Text(text) => {
                self.image = None;
                if literal { self.text(&text) } else { self.prose(&text, before) }
            }
            Event::Code(code) => {
                self.image = None;
                self.html("<code>".to_owned());
                self.text(&code);
                self.html("</code>".to_owned());
            }
            // HTML is shown as the text it is.
            Event::Html(raw) | Event::InlineHtml(raw) => self.lines(&raw),
            Event::SoftBreak | Event::HardBreak => self.out.push(Event::HardBreak),
            Event::Rule => self.out.push(Event::Rule),
            Event::TaskListMarker(done) => {
                let mark = if done { "☑" } else { "☐" };
                self.html(format!("<span class=\"task\">{mark}</span> "));
            }
            // Nothing of this is turned on.
            Event::FootnoteReference(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.out.push(Event::Text(text));
            }
        }
    }

    fn html(&mut self, html: String) {
        self.out.push(Event::InlineHtml(html.into()));
    }

    fn lines(&mut self, text: &str) {
        for line in text.split_inclusive('\n') {
            self.text(line.trim_end_matches(['\n', '\r']));
            if line.ends_with('\n') {
                self.out.push(Event::HardBreak);
            }
        }
    }

    fn start(&mut self, tag: Tag<'s>) -> Close {
        if self.depth >= DEPTH {
            return Close::Nothing;
        }
        match tag {
            Tag::HtmlBlock => self.begin(Tag::Paragraph),
            // The page has a title of its own.
            Tag::Heading { level, .. } => {
                let level = lower(level);
                self.begin(Tag::Heading { level, id: None, classes: Vec::new(), attrs: Vec::new() })
            }
            Tag::BlockQuote(_) => self.begin(Tag::BlockQuote(None)),
            Tag::CodeBlock(_) => self.begin(Tag::CodeBlock(CodeBlockKind::Indented)),
            Tag::Link { link_type, dest_url, .. } => {
                let mail = link_type == LinkType::Email;
                self.link(if mail { Target::of(&format!("mailto:{dest_url}")) } else { Target::of(&dest_url) })
            }
            // A picture from elsewhere would tell its host who reads: it is a link to it.
            Tag::Image { dest_url, .. } => {
                self.image = Some(dest_url.to_string());
                self.link(Target::of(&dest_url))
            }
            Tag::Table(columns) => {
                self.columns = columns;
                // What is wider than the screen scrolls by itself, with the keyboard too.
                self.html("<div class=\"scroll\" tabindex=\"0\"><table>".to_owned());
                Close::Html("</tbody></table></div>\n")
            }
            Tag::TableHead => {
                (self.column, self.cell) = (0, ("th", "</th>"));
                self.html("<thead><tr>".to_owned());
                Close::Html("</tr></thead><tbody>\n")
            }
            Tag::TableRow => {
                (self.column, self.cell) = (0, ("td", "</td>"));
                self.html("<tr>".to_owned());
                Close::Html("</tr>\n")
            }
            Tag::TableCell => {
                let (name, end) = self.cell;
                let class = match self.columns.get(self.column) {
                    Some(Alignment::Center) => " class=\"center\"",
                    Some(Alignment::Right) => " class=\"right\"",
                    _ => "",
                };
                self.column += 1;
                self.html(format!("<{name}{class}>"));
                Close::Html(end)
            }
            Tag::Paragraph | Tag::List(_) | Tag::Item | Tag::Emphasis | Tag::Strong | Tag::Strikethrough => {
                self.begin(tag)
            }
            _ => Close::Nothing,
        }
    }

    fn begin(&mut self, tag: Tag<'s>) -> Close {
        let end = tag.to_end();
        self.out.push(Event::Start(tag));
        Close::Tag(end)
    }

    fn link(&mut self, target: Option<Target>) -> Close {
        // An image may stand in a link.
        let Some(target) = target.filter(|_| !self.in_link) else { return Close::Nothing };
        self.in_link = true;
        self.html(anchor(&target, self.desk));
        Close::Link
    }

    fn end(&mut self, end: TagEnd) {
        if end == TagEnd::Image
            && let Some(address) = self.image.take()
        {
            self.text(&address);
        }
        if end == TagEnd::HtmlBlock && matches!(self.out.last(), Some(Event::HardBreak)) {
            self.out.pop();
        }
        let close = self.open.pop().unwrap_or(Close::Nothing);
        self.depth -= usize::from(!matches!(close, Close::Nothing));
        match close {
            Close::Tag(TagEnd::CodeBlock) => self.end_of_code(),
            Close::Tag(end) => self.out.push(Event::End(end)),
            Close::Html(html) => self.out.push(Event::InlineHtml(html.into())),
            Close::Link => {
                self.in_link = false;
                self.out.push(Event::InlineHtml("</a>".into()));
            }
            Close::Nothing => {}
        }
    }

    /// Code with long lines can be reached by the keyboard, to be scrolled.
    fn end_of_code(&mut self) {
        let begins = |event: &Event<'_>| matches!(event, Event::Start(Tag::CodeBlock(_)));
        let Some(at) = self.out.iter().rposition(begins) else { return };
        let lines = self.out.get(at..).unwrap_or_default().iter().filter_map(|event| match event {
            Event::Text(text) => Some(text.lines()),
            _ => None,
        });
        let is_wide = lines.flatten().any(|line| line.chars().nth(NARROW).is_some());
        if is_wide && let Some(start) = self.out.get_mut(at) {
            *start = Event::InlineHtml("<pre tabindex=\"0\"><code>".into());
            self.out.push(Event::InlineHtml("</code></pre>\n".into()));
        } else {
            self.out.push(Event::End(TagEnd::CodeBlock));
        }
    }

    /// Words, and what among them is more.
    fn prose(&mut self, text: &str, before: Option<char>) {
        for piece in pieces(text, before) {
            let link = match piece {
                _ if self.found >= FOUND => None,
                Piece::Text(text) => {
                    self.text(text);
                    continue;
                }
                Piece::Web(address) => Target::of(address).map(|target| (target, address)),
                Piece::Mail(address) => Some((Target::Here(format!("mailto:{address}")), address)),
                Piece::Ticket(text, number) => Some((Target::Here(format!("/tickets/{number}")), text)),
                Piece::Mention(run) => {
                    self.mention(run);
                    continue;
                }
            };
            if let Some((target, text)) = link {
                self.found += 1;
                self.html(anchor(&target, self.desk));
                self.text(text);
                self.html("</a>".to_owned());
                continue;
            }
            match piece {
                Piece::Text(text) | Piece::Web(text) | Piece::Mail(text) | Piece::Ticket(text, _) => self.text(text),
                Piece::Mention(run) => self.text(&format!("@{run}")),
            }
        }
    }

    fn text(&mut self, mut text: &str) {
        while text.len() > RUN {
            let (run, rest) = text.split_at(text.floor_char_boundary(RUN));
            self.out.push(Event::Text(run.to_owned().into()));
            // The sanitizer takes it out.
            self.html("<!---->".to_owned());
            text = rest;
        }
        self.out.push(Event::Text(text.to_owned().into()));
    }

    fn mention(&mut self, run: &str) {
        let names = self.names;
        let known = readings(run).find_map(|word| Some((word, names.get(&key(word))?)));
        let Some((word, name)) = known else { return self.text(&format!("@{run}")) };
        let mut html = String::from("<span class=\"mention\">@");
        // Writing to a String does not fail.
        let _ = escape_html(&mut html, name);
        html.push_str("</span>");
        let rest = run.get(word.len()..).unwrap_or_default().to_owned();
        self.found += 1;
        self.html(html);
        self.text(&rest);
    }
}

/// The start of a link; the desk's own pages are after the desk's address.
fn anchor(target: &Target, desk: &str) -> String {
    let (desk, address, more) = match target {
        Target::Outside(address) => ("", address, "\" target=\"_blank\">"),
        Target::Here(address) if address.starts_with('/') => (desk, address, "\">"),
        Target::Here(address) => ("", address, "\">"),
    };
    let mut html = String::from("<a href=\"");
    let _ = escape_href(&mut html, desk);
    let _ = escape_href(&mut html, address);
    html.push_str(more);
    html
}

fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        HeadingLevel::H2 => HeadingLevel::H3,
        HeadingLevel::H3 => HeadingLevel::H4,
        HeadingLevel::H4 => HeadingLevel::H5,
        HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}
