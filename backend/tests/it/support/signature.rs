//! Whether a request to S3 is signed (AWS Signature Version 4), found out from what has arrived and not with the library that
//! signs.

use actix_web::HttpRequest;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// What a request is signed with.
#[derive(Debug, Clone, Copy)]
pub struct Keys {
    pub id: &'static str,
    pub secret: &'static str,
    pub region: &'static str,
}

/// Why a request is refused, in Amazon's words.
pub type Refusal = &'static str;

/// Refuses a request that these keys have not signed, all of it, within the last quarter of an hour.
pub fn check(request: &HttpRequest, body: &[u8], keys: Keys, now: DateTime<Utc>) -> Result<(), Refusal> {
    const MALFORMED: Refusal = "AuthorizationHeaderMalformed";
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let said = header("authorization").ok_or("AccessDenied")?.strip_prefix("AWS4-HMAC-SHA256 ").ok_or(MALFORMED)?;
    let part = |name: &str| {
        let mut parts = said.split(',').filter_map(|part| part.trim().split_once('='));
        parts.find(|(found, _)| *found == name).map(|(_, value)| value).ok_or(MALFORMED)
    };
    let (credential, signed, signature) = (part("Credential")?, part("SignedHeaders")?, part("Signature")?);
    let (id, scope) = credential.split_once('/').ok_or(MALFORMED)?;
    if id != keys.id {
        return Err("InvalidAccessKeyId");
    }
    let date = header("x-amz-date").ok_or("AccessDenied")?;
    let at = NaiveDateTime::parse_from_str(date, "%Y%m%dT%H%M%SZ").map_err(|_| "AccessDenied")?.and_utc();
    if (now - at).abs() > TimeDelta::minutes(15) {
        return Err("RequestTimeTooSkewed");
    }
    let day = at.format("%Y%m%d").to_string();
    if scope != format!("{day}/{}/s3/aws4_request", keys.region) {
        return Err(MALFORMED);
    }
    let content = hex(&Sha256::digest(body));
    if header("x-amz-content-sha256") != Some(content.as_str()) {
        return Err("XAmzContentSHA256Mismatch");
    }
    // Where it goes, and whatever has a meaning for S3, must be signed.
    let names: Vec<&str> = signed.split(';').collect();
    let is_signed = |name: &str| names.contains(&name) || (name != "host" && !name.starts_with("x-amz-"));
    if !names.contains(&"host") || !names.is_sorted() || !request.headers().keys().all(|name| is_signed(name.as_str()))
    {
        return Err("AccessDenied");
    }
    let canonical = canonical(request, &names, &content);
    let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
    let key = [day.as_str(), keys.region, "s3", "aws4_request"]
        .iter()
        .fold(format!("AWS4{}", keys.secret).into_bytes(), |key, text| mac(&key, text));
    if hex(&mac(&key, &to_sign)) == signature { Ok(()) } else { Err("SignatureDoesNotMatch") }
}

/// The request in the one form that both ends make of it. The path is as it was sent: S3 encodes it once.
fn canonical(request: &HttpRequest, names: &[&str], content: &str) -> String {
    let mut parameters: Vec<(String, String)> = url::form_urlencoded::parse(request.query_string().as_bytes())
        .map(|(name, value)| (encoded(&name), encoded(&value)))
        .collect();
    parameters.sort();
    let query: Vec<String> = parameters.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let headers: String = names
        .iter()
        .map(|name| {
            let values = request.headers().get_all(*name).map(|value| value.to_str().unwrap());
            let values: Vec<String> =
                values.map(|value| value.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
            format!("{name}:{}\n", values.join(","))
        })
        .collect();
    let (method, path) = (request.method(), request.uri().path());
    format!("{method}\n{path}\n{}\n{headers}\n{}\n{content}", query.join("&"), names.join(";"))
}

fn encoded(text: &str) -> String {
    let as_it_is = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if as_it_is(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(text).finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Amazon's own examples, from "Signature Calculations for the Authorization Header".
#[test]
fn amazons_own_examples_are_signed_and_nothing_near_them_is() {
    use actix_web::test::TestRequest;

    const KEYS: Keys =
        Keys { id: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region: "us-east-1" };
    const NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let at: DateTime<Utc> = "2013-05-24T00:00:00Z".parse().unwrap();
    let request = |uri: &str, range: Option<&str>, names: &str, signature: &str| {
        let credential = format!("{}/20130524/us-east-1/s3/aws4_request", KEYS.id);
        let said = format!("AWS4-HMAC-SHA256 Credential={credential},SignedHeaders={names},Signature={signature}");
        let request = TestRequest::get()
            .uri(uri)
            .insert_header(("Host", "examplebucket.s3.amazonaws.com"))
            .insert_header(("x-amz-date", "20130524T000000Z"))
            .insert_header(("x-amz-content-sha256", NOTHING))
            .insert_header(("Authorization", said));
        range.into_iter().fold(request, |request, range| request.insert_header(("Range", range))).to_http_request()
    };
    let names = "host;range;x-amz-content-sha256;x-amz-date";
    let signature = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
    let get = |uri: &str, range: &str| request(uri, Some(range), names, signature);
    let asked = get("/test.txt", "bytes=0-9");
    assert_eq!(check(&asked, b"", KEYS, at), Ok(()));
    let names = "host;x-amz-content-sha256;x-amz-date";
    let signature = "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7";
    let listed = |uri: &str, names: &str| request(uri, None, names, signature);
    assert_eq!(check(&listed("/?prefix=J&max-keys=2", names), b"", KEYS, at), Ok(()));

    let other = "SignatureDoesNotMatch";
    assert_eq!(check(&get("/other.txt", "bytes=0-9"), b"", KEYS, at), Err(other));
    assert_eq!(check(&get("/test.txt", "bytes=0-99"), b"", KEYS, at), Err(other));
    assert_eq!(check(&listed("/?max-keys=2&prefix=K", names), b"", KEYS, at), Err(other));
    assert_eq!(check(&listed("/?max-keys=2&prefix=J", "host;x-amz-date"), b"", KEYS, at), Err("AccessDenied"));
    assert_eq!(check(&asked, b"x", KEYS, at), Err("XAmzContentSHA256Mismatch"));
    assert_eq!(check(&asked, b"", Keys { secret: "another", ..KEYS }, at), Err(other));
    assert_eq!(check(&asked, b"", Keys { id: "another", ..KEYS }, at), Err("InvalidAccessKeyId"));
    assert_eq!(check(&asked, b"", Keys { region: "eu-west-1", ..KEYS }, at), Err("AuthorizationHeaderMalformed"));
    assert_eq!(check(&asked, b"", KEYS, at + TimeDelta::minutes(16)), Err("RequestTimeTooSkewed"));
    assert_eq!(check(&TestRequest::get().to_http_request(), b"", KEYS, at), Err("AccessDenied"));
}
