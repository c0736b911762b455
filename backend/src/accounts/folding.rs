//! Names and addresses as their columns keep them, to be compared and looked for.

use shared::{
    fields::{self, NAME_MAX, USERNAME_MAX},
    problem::FieldCode,
};
use url::Host;

use crate::text::{fold_within, is_single_script};

/// A name as its column keeps it for searching.
pub fn folded_name(name: &str) -> String {
    fold_within(name, 2 * NAME_MAX)
}

/// A user name as its column keeps it for comparing. Marks alone fold to nothing, which would be everybody's; letters of
/// several writing systems make names that look like other people's.
pub fn folded_username(username: &str) -> Result<String, FieldCode> {
    let folded = fold_within(username, 2 * USERNAME_MAX);
    if folded.is_empty() {
        return Err(FieldCode::InvalidCharacters);
    }
    if !is_single_script(username) {
        return Err(FieldCode::MixedScripts);
    }
    Ok(folded)
}

/// An address as its column keeps it for comparing: however its domain is written, it is the same.
pub fn folded_email(email: &str) -> Result<String, FieldCode> {
    email_in_ascii(email).map(|email| email.to_lowercase()).ok_or(FieldCode::InvalidEmail)
}

/// An address as every mail server takes it, with the letters of its domain that are not ASCII spelled in ASCII (IDNA); none
/// when there is no such address.
pub fn email_in_ascii(email: &str) -> Option<String> {
    let Some((mailbox, domain)) = email.rsplit_once('@').filter(|(_, domain)| !domain.is_ascii()) else {
        return Some(email.to_owned());
    };
    // Spelling it drops what is invisible and decodes what is quoted: there would be endless ways to write one address.
    if fields::email(email, &()).is_err() {
        return None;
    }
    let Ok(Host::Domain(domain)) = Host::parse(domain) else { return None };
    // What is spelled so may be too long, or something else altogether.
    Some(format!("{mailbox}@{domain}")).filter(|email| fields::email(email, &()).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_the_same_however_its_domain_is_written() {
        let ascii = "Correo@xn--compaa-7va5a.es";
        assert_eq!(email_in_ascii("Correo@compañía.es").as_deref(), Some(ascii));
        for written in ["correo@compañía.es", "CORREO@COMPAÑÍA.ES", "correo@compan\u{303}i\u{301}a.es", ascii] {
            assert_eq!(folded_email(written).as_deref(), Ok("correo@xn--compaa-7va5a.es"), "{written}");
        }
        assert_eq!(folded_email("Ana.Ruiz@Example.org").as_deref(), Ok("ana.ruiz@example.org"));
    }

    #[test]
    fn what_has_no_domain_in_ascii_is_none() {
        let long = format!("a@{}.es", "ñ".repeat(60));
        for none in ["a@\u{ff11}.\u{ff12}.\u{ff13}.\u{ff14}", "a@ñ..es", "a@\u{301}.es", long.as_str()] {
            assert_eq!(folded_email(none), Err(FieldCode::InvalidEmail), "{none}");
        }
    }

    #[test]
    fn what_is_invisible_or_quoted_makes_no_other_way_to_write_an_address() {
        for none in
            ["ana@e\u{ad}xample.org", "ana@ex\u{200b}ample.org", "ana@%65xampl\u{ad}e.org", "ana@%65xampleñ.org"]
        {
            assert_eq!(email_in_ascii(none), None, "{none}");
        }
    }
}
