//! A CSV file of people, read line by line.
//!
//! Spreadsheets write it with commas or, where the comma is the decimal sign, with semicolons; with a byte order mark or
//! without. The columns stand in any order, under English or Spanish names.

use csv::{ReaderBuilder, StringRecord, Trim};
use shared::{
    accounts::{CreateUser, Locale, Role},
    fields,
    imports::LINES_MAX,
    problem::{FieldCode, FieldErrors},
};

use crate::{error::AppError, text::fold};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Username,
    Name,
    Email,
    Role,
    Locale,
}

impl Column {
    /// Those a file must have.
    const REQUIRED: [Self; 3] = [Self::Username, Self::Name, Self::Email];

    /// The name in answers.
    fn as_str(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Name => "name",
            Self::Email => "email",
            Self::Role => "role",
            Self::Locale => "locale",
        }
    }

    /// By its heading, in any case, with accents or without.
    fn of(heading: &str) -> Option<Self> {
        match fold(heading).replace(['-', '_', ' '], "").as_str() {
            "username" | "user" | "login" | "usuario" | "nombredeusuario" => Some(Self::Username),
            "name" | "fullname" | "nombre" | "nombrecompleto" => Some(Self::Name),
            "email" | "mail" | "correo" | "correoelectronico" => Some(Self::Email),
            "role" | "rol" => Some(Self::Role),
            "locale" | "language" | "lang" | "idioma" => Some(Self::Locale),
            _ => None,
        }
    }
}

/// A line that is not blank.
#[derive(Debug, Clone)]
pub struct Line {
    /// Where it begins; the header is line 1.
    pub number: u64,
    /// The person it describes, as it stands there.
    pub person: CreateUser,
    /// What the file says of the role is none.
    pub unknown_role: bool,
    /// What is wrong with each field.
    pub errors: FieldErrors,
}

/// A file of people.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Its lines, in order.
    pub lines: Vec<Line>,
    /// Headings of columns that mean nothing here.
    pub ignored: Vec<String>,
}

/// Reads a file; refuses one that is no CSV in UTF-8, lacks a column, or has too many lines.
pub fn read(file: &[u8]) -> Result<Sheet, AppError> {
    let broken = || AppError::field("file", FieldCode::Invalid);
    let text = std::str::from_utf8(file).map_err(|_| broken())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter(text)).trim(Trim::All).flexible(true).from_reader(text.as_bytes());
    let (columns, ignored) = columns(reader.headers().map_err(|_| broken())?)?;
    let mut lines = Vec::new();
    let mut numbers = Numbers { text: text.as_bytes(), at: 0, line: 1 };
    for record in reader.records() {
        let record = record.map_err(|_| broken())?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        if lines.len() == LINES_MAX {
            return Err(AppError::field("file", FieldCode::TooLong));
        }
        let number = numbers.of(&record);
        lines.push(line(number, &record, &columns));
    }
    if lines.is_empty() {
        return Err(AppError::field("file", FieldCode::Required));
    }
    Ok(Sheet { lines, ignored })
}

/// The sign between the fields: the one that the header has more of.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |sign: char| header.matches(sign).count();
    if count(';') > count(',') { b';' } else { b',' }
}

/// What each column holds, and the headings that mean nothing.
fn columns(header: &StringRecord) -> Result<(Vec<Option<Column>>, Vec<String>), AppError> {
    let mut columns: Vec<Option<Column>> = Vec::new();
    let mut ignored = Vec::new();
    for heading in header {
        // Of two columns of one meaning the first counts.
        let column = Column::of(heading).filter(|column| !columns.contains(&Some(*column)));
        if column.is_none() && !heading.is_empty() {
            ignored.push(heading.chars().take(100).collect());
        }
        columns.push(column);
    }
    let missing = Column::REQUIRED.into_iter().filter(|column| !columns.contains(&Some(*column)));
    let missing: FieldErrors = missing.map(|column| (column.as_str().to_owned(), vec![FieldCode::Required])).collect();
    if missing.is_empty() { Ok((columns, ignored)) } else { Err(AppError::Validation(missing)) }
}

/// Counts the lines of a file. The reader counts too, but of a line that ends as Windows ends it, it counts the end to the
/// next one.
struct Numbers<'a> {
    text: &'a [u8],
    /// What has been counted, in bytes.
    at: usize,
    /// The line that begins there.
    line: u64,
}

impl Numbers<'_> {
    /// Where a record begins; they are asked for in their order.
    fn of(&mut self, record: &StringRecord) -> u64 {
        let byte = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(self.at);
        let rest = self.text.get(byte..).unwrap_or_default();
        let begin = byte + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = self.text.get(self.at..begin).unwrap_or_default();
        self.line += passed.iter().fold(0, |ends, byte| ends + u64::from(*byte == b'\n'));
        self.at = begin.max(self.at);
        self.line
    }
}

fn line(number: u64, record: &StringRecord, columns: &[Option<Column>]) -> Line {
    let of = |wanted: Column| {
        let place = columns.iter().position(|column| *column == Some(wanted));
        place.and_then(|place| record.get(place)).unwrap_or_default()
    };
    let role = role(of(Column::Role));
    let locale = locale(of(Column::Locale));
    let person = CreateUser {
        username: of(Column::Username).to_owned(),
        name: of(Column::Name).to_owned(),
        email: of(Column::Email).to_owned(),
        role: role.unwrap_or(Role::User),
        password: None,
        locale,
    };
    let mut errors = fields::check(&person).err().unwrap_or_default();
    let mut refuse = |column: Column| drop(errors.insert(column.as_str().to_owned(), vec![FieldCode::Unknown]));
    if role.is_none() {
        refuse(Column::Role);
    }
    if locale.is_none() {
        refuse(Column::Locale);
    }
    Line { number, person, unknown_role: role.is_none(), errors }
}

/// Nothing is a user.
fn role(word: &str) -> Option<Role> {
    match fold(word).as_str() {
        "" | "user" | "usuario" | "usuaria" => Some(Role::User),
        "technician" | "tecnico" | "tecnica" => Some(Role::Technician),
        "admin" | "administrator" | "administrador" | "administradora" => Some(Role::Admin),
        _ => None,
    }
}

/// By its tag, by what those who speak it call it, or by what the others do. Nothing is Spanish.
fn locale(word: &str) -> Option<Locale> {
    match fold(word).as_str() {
        "" => Some(Locale::default()),
        "spanish" => Some(Locale::Es),
        "ingles" => Some(Locale::En),
        word => Locale::ALL.into_iter().find(|locale| locale.as_str() == word || fold(locale.name()) == word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Line> {
        read(text.as_bytes()).unwrap().lines
    }

    fn refused(text: &[u8]) -> FieldErrors {
        read(text).unwrap_err().fields().unwrap()
    }

    #[test]
    fn columns_stand_in_any_order_under_either_language() {
        let sheet = read(
            "\u{feff}Correo electrónico;Teléfono;Usuario;Rol;Nombre\r\n\
             ana@example.org;555;ana;Técnico;\"Ruiz; Ana\"\r\n"
                .as_bytes(),
        )
        .unwrap();
        assert_eq!(sheet.ignored, ["Teléfono"]);
        let [line] = sheet.lines.as_slice() else { panic!("{sheet:?}") };
        assert_eq!((line.person.username.as_str(), line.person.name.as_str()), ("ana", "Ruiz; Ana"));
        assert_eq!((line.person.role, line.number), (Role::Technician, 2));
        assert!(line.errors.is_empty());
    }

    #[test]
    fn each_line_says_what_is_wrong_with_it() {
        let lines = lines("username,name,email,role,locale\nana,Ana,ana@x.org,,\n\n,,\na b,B,no,jefe,fr\n");
        assert_eq!(lines.len(), 2);
        assert!(lines[0].errors.is_empty());
        let wrong: Vec<&str> = lines[1].errors.keys().map(String::as_str).collect();
        assert_eq!((lines[1].number, wrong), (5, vec!["email", "locale", "role", "username"]));
    }

    #[test]
    fn a_file_that_is_no_list_of_people_is_refused() {
        assert_eq!(
            refused(b"username,name\nana,Ana\n"),
            FieldErrors::from([("email".to_owned(), vec![FieldCode::Required])])
        );
        assert!(refused(b"username,name,email\n").contains_key("file"));
        assert!(refused(b"username,name,email\nana,Jos\xe9,a@x.org\n").contains_key("file"));
        assert!(refused(b"MZ\x90\x00").contains_key("username") || refused(b"MZ\x90\x00").contains_key("file"));
        let many = format!("username,name,email\n{}", "ana,Ana,ana@x.org\n".repeat(LINES_MAX + 1));
        assert_eq!(refused(many.as_bytes()), FieldErrors::from([("file".to_owned(), vec![FieldCode::TooLong])]));
    }
}
