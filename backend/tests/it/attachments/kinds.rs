//! What may be attached: extension and content say the same, and are allowed.

use super::samples;

on_each_database! {
    async fn every_allowed_kind_is_taken_for_what_it_is(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let wide: Vec<u8> = "\u{feff}Año 😀\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let office = "application/vnd.openxmlformats-officedocument";
        let open = "application/vnd.oasis.opendocument";
        for (name, bytes, media_type) in [
            ("a.pdf", samples::pdf(), "application/pdf".to_owned()),
            ("a.png", samples::png(9, 9), "image/png".to_owned()),
            ("a.jpg", samples::photo(9, 9), "image/jpeg".to_owned()),
            ("a.JPEG", samples::photo(9, 9), "image/jpeg".to_owned()),
            ("a.gif", samples::gif(), "image/gif".to_owned()),
            ("a.webp", samples::webp(), "image/webp".to_owned()),
            ("a.doc", samples::compound("WordDocument"), "application/msword".to_owned()),
            ("a.xls", samples::compound("Workbook"), "application/vnd.ms-excel".to_owned()),
            ("a.docx", samples::docx(), format!("{office}.wordprocessingml.document")),
            ("cifrado.docx", samples::compound("EncryptedPackage"), format!("{office}.wordprocessingml.document")),
            ("a.xlsx", samples::xlsx(), format!("{office}.spreadsheetml.sheet")),
            ("a.odt", samples::odt(), format!("{open}.text")),
            ("a.ods", samples::ods(), format!("{open}.spreadsheet")),
            ("a.txt", "línea\n".as_bytes().to_vec(), "text/plain".to_owned()),
            ("antiguo.txt", b"caf\xe9\r\n".to_vec(), "text/plain".to_owned()),
            ("ancho.txt", wide, "text/plain".to_owned()),
            ("a.log", b"\x1b[31mERROR\x1b[0m\n".to_vec(), "text/plain".to_owned()),
            ("pagina.log", b"GET / 200\n<html><svg>\n".to_vec(), "text/plain".to_owned()),
            ("etiquetas.csv", b"\xef\xbb\xbftag;uso\n<script>;3\n<body>;1\n".to_vec(), "text/csv".to_owned()),
            ("nota.txt", b"<!-- una nota -->\nY lo dem\xc3\xa1s: <head>, <svg>\n".to_vec(), "text/plain".to_owned()),
            ("a.csv", b"a;b\n1;2\n".to_vec(), "text/csv".to_owned()),
            ("a.zip", samples::zip(&[("a.txt", b"hola")]), "application/zip".to_owned()),
            ("ceros.zip", samples::zip_of_zeros(2 << 20), "application/zip".to_owned()),
            ("hoja dentro.docx", samples::zip(&[
                ("[Content_Types].xml", b"x"), ("word/document.xml", b"x"), ("word/embeddings/a.xlsx", &samples::xlsx()),
            ]), format!("{office}.wordprocessingml.document")),
            ("textos.zip", samples::zip(&[("a.docx", &samples::docx()), ("b.odt", &samples::odt())]), "application/zip".to_owned()),
        ] {
            let reply = ana.attach(ticket, &[(name, &bytes)]).await.expect(201);
            assert_eq!(reply["media_type"], media_type, "{name}");
            assert_eq!(reply["thumbnail_url"].is_string(), media_type.starts_with("image/"), "{name}");
        }
    }

    async fn what_contradicts_its_name_is_refused(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let (stored, files) = (app.stored().await, app.files());
        let macros = samples::zip(&[("[Content_Types].xml", b"x"), ("word/document.xml", b"x"), ("word/vbaProject.bin", b"x")]);
        let mut torn = samples::png(100, 100);
        torn.truncate(200);
        for (name, bytes) in [
            ("factura.pdf", samples::program()),
            ("factura.png", samples::program()),
            ("factura.txt", samples::program()),
            ("factura.docx", samples::program()),
            ("factura.doc", samples::program()),
            ("factura.zip", samples::program()),
            ("dibujo.png", samples::SVG.to_vec()),
            ("dibujo.jpg", samples::png(9, 9)),
            ("foto.webp", samples::photo(9, 9)),
            ("pagina.pdf", b"<html><script>alert(1)</script></html>".to_vec()),
            ("texto.docx", b"texto".to_vec()),
            ("texto.docx", samples::xlsx()),
            ("texto.docx", samples::zip(&[("a.txt", b"hola")])),
            ("texto.docx", macros),
            ("texto.doc", samples::compound("Workbook")),
            ("hoja.xls", samples::compound("WordDocument")),
            ("hoja.ods", samples::odt()),
            ("hoja.csv", samples::xlsx()),
            ("texto.txt", samples::pdf()),
            ("rota.png", torn),
            ("dibujo.txt", samples::SVG.to_vec()),
            ("pagina.log", b"\xef\xbb\xbf\n<!DOCTYPE html><p>".to_vec()),
            ("pagina.csv", b"<HTML>".to_vec()),
            ("marcada.csv", b"\xef\xbb\xbf \t<!-- una nota -->\r\n<script>alert(1)</script>".to_vec()),
            ("comentada.log", b"<!-- a --><!-- <p> -->\n<body onload=alert(1)>".to_vec()),
            ("cabeza.txt", b"<?xml version=\"1.0\"?>\n\xef\xbb\xbf<head><title>x</title>".to_vec()),
            ("prefijo.txt", b"<?xml version='1.0'?><!-- x --><d:svg xmlns:d='http://www.w3.org/2000/svg'/>".to_vec()),
            ("impreso.txt", b"%!PS-Adobe-3.0\n".to_vec()),
            ("guion.txt", b"#!/bin/sh\n".to_vec()),
            ("doble.png", [samples::png(9, 9), samples::program()].concat()),
            ("doble.gif", [samples::gif(), samples::program()].concat()),
        ] {
            ana.attach(ticket, &[(name, &bytes)]).await.refuses("file", "file_content_mismatch");
        }
        assert_eq!((app.stored().await, app.files()), (stored, files));
    }

    async fn what_is_not_allowed_is_refused_by_its_name(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let (stored, files) = (app.stored().await, app.files());
        for (name, bytes) in [
            ("dibujo.svg", samples::SVG),
            ("pagina.html", b"<script>alert(1)</script>"),
            ("juego.exe", &samples::program()),
            ("guion.sh", b"#!/bin/sh\n"),
            ("a.txt.exe", b"x"),
            ("sin_extension", b"x"),
            (".txt", b"x"),
            ("a.", b"x"),
            ("..", b"x"),
            ("a.txt/..", b"x"),
            ("a.docm", &samples::docx()),
        ] {
            ana.attach(ticket, &[(name, bytes)]).await.refuses("file", "file_type_not_allowed");
        }
        ana.attach(ticket, &[("vacio.txt", b"")]).await.refuses("file", "file_empty");
        ana.attach(ticket, &[("", b"x")]).await.refuses("file", "required");
        assert_eq!((app.stored().await, app.files()), (stored, files));
    }

    async fn bombs_are_refused(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let (stored, files) = (app.stored().await, app.files());
        let (bomb, part) = (samples::zip_of_zeros(60 << 20), samples::zip_of_zeros(40 << 20));
        let deep = (0..4).fold(samples::zip(&[("a.txt", b"hola")]), |inner, _| samples::zip(&[("a.zip", &inner)]));
        let nested: Vec<(&str, &[u8], u32)> = vec![("lib 0.zip", &[7; 2_533], 34_902); 16];
        for (name, bytes) in [
            ("ceros.zip", samples::zip_claiming(&[("ceros", &[0; 100_000], 100_000_000)])),
            ("muchos.zip", samples::zip_claiming(&[("a", &[0; 9_000], 900_000_000), ("b", &[0; 9_000], 900_000_000)])),
            ("42.zip", samples::zip_claiming(&nested)),
            ("texto.docx", samples::zip_claiming(&[("[Content_Types].xml", b"x", 1), ("word/document.xml", &[0; 900], 900_000_000)])),
            // What it says of itself is not true: no entries, a small one.
            ("vacio.zip", samples::patched(samples::zip_of_zeros(2 << 20), b"PK\x05\x06", 8, &[0; 4])),
            ("pequeno.zip", samples::patched(samples::zip_of_zeros(2 << 20), b"PK\x01\x02", 24, &[9, 0, 0, 0])),
            ("cortado.zip", samples::zip(&[("a.txt", b"hola")])[..40].to_vec()),
            // Wrapped, under whatever name, and however often.
            ("guardada.zip", samples::zip(&[("bomba.zip", &bomb)])),
            ("renombrada.zip", samples::zip(&[("bomba.dat", &bomb)])),
            ("muchas.zip", samples::zip(&[("a.dat", &part), ("b.dat", &part)])),
            ("honda.zip", deep),
        ] {
            ana.attach(ticket, &[(name, &bytes)]).await.refuses("file", "archive_unsafe");
        }
        // What is honest and packed in another way, itself or within, has a word of its own.
        let packed = samples::zip(&[("a.txt", b"hola")]);
        for (name, bytes) in [
            ("bzip2.zip", samples::packed_by(12, &packed)),
            ("lzma.zip", samples::packed_by(14, &packed)),
            ("dentro.zip", samples::zip(&[("a.dat", b"7z\xbc\xaf\x27\x1c\0\x04")])),
        ] {
            ana.attach(ticket, &[(name, &bytes)]).await.refuses("file", "archive_unmeasurable");
        }
        for (width, height) in [(20_000, 20_000), (8_000, 8_000), (60_000, 1), (u32::MAX, u32::MAX)] {
            let reply = ana.attach(ticket, &[("bomba.png", &samples::png_claiming(width, height))]).await.expect(422);
            let code = reply["fields"]["file"][0].as_str().unwrap().to_owned();
            assert!(matches!(code.as_str(), "image_too_large" | "file_content_mismatch"), "{width} x {height}: {code}");
        }
        ana.attach(ticket, &[("bomba.png", &samples::png_claiming(20_000, 20_000))]).await.refuses("file", "image_too_large");
        // A megabyte and more can hold as many pixels of one colour.
        let long = samples::long_png_claiming(20_000, 20_000, 1_200_000);
        ana.attach(ticket, &[("bomba.png", &long)]).await.refuses("file", "image_too_large");
        assert_eq!((app.stored().await, app.files()), (stored, files));
    }
}
