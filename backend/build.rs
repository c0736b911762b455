//! The page is a separate build; the server compiles without it, and then says so when asked for it.

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=../frontend/dist");
    println!("cargo::rerun-if-changed=../migrations");
    std::fs::create_dir_all("../frontend/dist")
}
