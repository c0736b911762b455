//! `.env`: what of it counts.

use std::{env, fs};

use super::Failure;
use crate::config::set;

/// Looks for the file here and in the folders above, and puts into the environment what that does not say. A variable without
/// a text says nothing: it would hide what the file says, and count for nothing itself.
///
/// One after another, so that a value can name another one (`${DATA_DIR}`) as it counts.
pub fn read() -> Result<(), Failure> {
    // A folder that was removed under the program has no file.
    let Ok(here) = env::current_dir() else { return Ok(()) };
    let Some(file) = here.ancestors().map(|folder| folder.join(".env")).find(|file| file.is_file()) else {
        return Ok(());
    };
    let text = fs::read_to_string(file)?;
    for assignment in dotenvy::from_read_iter(text.trim_start_matches('\u{feff}').as_bytes()) {
        let (name, value) = assignment?;
        let is_said = env::var_os(&name).is_some_and(|text| set(&text.to_string_lossy()).is_some());
        if !is_said && set(&value).is_some() {
            dotenvy::from_read_override(written(&name, &value).as_bytes())?;
        }
    }
    Ok(())
}

/// An assignment as it stands in such a file, whatever is in the value.
fn written(name: &str, value: &str) -> String {
    let mut line = format!("{name}=\"");
    for character in value.chars() {
        if matches!(character, '\\' | '"' | '$') {
            line.push('\\');
        }
        line.push(character);
    }
    line.push('"');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_as_it_was_written() {
        for value in
            ["plain", "it's", "a \"b\" c", "${HOME} $x", "\\n\\", "# no comment", " s p ", "two\nlines", "ñ=1'"]
        {
            let line = written("NAME", value);
            let read: Vec<_> = dotenvy::from_read_iter(line.as_bytes()).map(Result::unwrap).collect();
            assert_eq!(read, [("NAME".to_owned(), value.to_owned())], "{line}");
        }
    }
}
