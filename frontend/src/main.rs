//! Starts the page.

fn main() {
    frontend::app::start();
}
