//! The smallest actix server: answers every request with the bytes of one file. `cargo xtask bench` measures it beside
//! Turno, to tell what the machine and the load generator leave to be had.

use std::{env, fs, io};

use actix_web::{App, HttpResponse, HttpServer, web};

#[actix_web::main]
async fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let (Some(address), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err(io::Error::other("baseline ADDRESS FILE"));
    };
    let bytes = web::Bytes::from(fs::read(file)?);
    let server = HttpServer::new(move || {
        let bytes = bytes.clone();
        App::new().default_service(web::to(move || {
            let bytes = bytes.clone();
            async move { HttpResponse::Ok().content_type("application/json").body(bytes) }
        }))
    });
    server.bind(address)?.run().await
}
