//! Forms as browsers send them, and as they do not.

const BOUNDARY: &str = "----turno-3f9b1c";

/// A `multipart/form-data` body.
#[derive(Default)]
pub struct Form(Vec<u8>);

impl Form {
    /// What its request calls it.
    pub fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={BOUNDARY}")
    }

    /// A file, named as browsers do: in UTF-8, its quotation marks escaped; and its backslashes, as other programs do.
    pub fn file(self, name: &str, bytes: &[u8]) -> Self {
        let name = name.replace('\\', "\\\\").replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
        self.part(&format!("name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream"), bytes)
    }

    /// A field that is no file.
    pub fn field(self, name: &str, value: impl ToString) -> Self {
        self.part(&format!("name=\"{name}\""), value.to_string().as_bytes())
    }

    /// A part with these words after `form-data; `.
    pub fn part(mut self, words: &str, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {words}\r\n\r\n").as_bytes());
        self.0.extend_from_slice(bytes);
        self.0.extend_from_slice(b"\r\n");
        self
    }

    /// The body, ended as it should be.
    pub fn finish(mut self) -> Vec<u8> {
        self.0.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.0
    }

    /// The body, broken off.
    pub fn unfinished(self) -> Vec<u8> {
        self.0
    }
}
