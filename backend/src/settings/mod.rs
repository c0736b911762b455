//! What the desk calls itself and how it looks.

pub mod service;
