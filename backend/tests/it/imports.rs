//! `/users/import`: many people from one file.

use backend::{db::Db, events::verify::verify};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, Reply, TestApp};

async fn send(admin: &Client, file: impl Into<Vec<u8>>, dry_run: bool) -> Reply {
    let path = if dry_run { "/users/import?dry_run=true" } else { "/users/import" };
    admin.request(Method::POST, path).file("personas.csv", file).send().await
}

fn totals(report: &Value) -> (u64, u64, u64) {
    let count = |name: &str| report[name].as_u64().unwrap();
    (count("created"), count("existing"), count("refused"))
}

fn outcomes(report: &Value) -> Vec<&str> {
    report["lines"].as_array().unwrap().iter().map(|line| line["outcome"].as_str().unwrap()).collect()
}

async fn made(app: &TestApp) -> i64 {
    app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'user_created'").await
}

on_each_database! {
    async fn a_dry_run_tells_what_importing_does(app: TestApp) {
        let admin = app.admin().await;
        let file = "username,name,email,role,locale\n\
                    luz,Luz Ordóñez,luz@example.org,technician,en\n\
                    paz,\"Paz, la de abajo\",paz@example.org,,\n";
        let before = app.stored().await;
        let dry = send(&admin, file, true).await.expect(200);
        assert_eq!((&dry["dry_run"], totals(&dry.json)), (&true.into(), (2, 0, 0)));
        assert_eq!(outcomes(&dry.json), ["created", "created"]);
        assert_eq!((&dry["lines"][0]["line"], &dry["lines"][0]["role"]), (&2.into(), &"technician".into()));
        assert!(dry["lines"][0].get("id").is_none() && dry["lines"][0].get("fields").is_none(), "{}", dry.text);
        assert_eq!(app.stored().await, before);

        let done = send(&admin, file, false).await.expect(200);
        assert_eq!((&done["dry_run"], totals(&done.json)), (&false.into(), (2, 0, 0)));
        let luz = admin.get(&format!("/users/{}", done["lines"][0]["id"])).await.expect(200);
        assert_eq!((&luz["username"], &luz["role"], &luz["locale"]), (&"luz".into(), &"technician".into(), &"en".into()));
        assert_eq!((&luz["name"], &luz["active"]), (&"Luz Ordóñez".into(), &true.into()));
        let paz = admin.get(&format!("/users/{}", done["lines"][1]["id"])).await.expect(200);
        assert_eq!((&paz["name"], &paz["role"], &paz["locale"]), (&"Paz, la de abajo".into(), &"user".into(), &"es".into()));
        assert_eq!(made(&app).await, 2);
        app.log_in("luz", "").await.expect(401);

        // Again it makes nobody.
        let again = send(&admin, file, false).await.expect(200);
        assert_eq!((totals(&again.json), outcomes(&again.json)), ((0, 2, 0), vec!["exists", "exists"]));
        assert_eq!(again["lines"][0]["id"], done["lines"][0]["id"]);
        assert_eq!(made(&app).await, 2);
    }

    async fn files_are_read_as_spreadsheets_write_them(app: TestApp) {
        let admin = app.admin().await;
        let file = "\u{feff}Correo electrónico;Nombre;Departamento;Usuario;Rol;Idioma\r\n\
                    ana@example.org;Ana Ruiz;Compras;ana;Técnico;inglés\r\n\
                    ;;;;;\r\n\
                    \r\n\
                    leo@example.org; Leo ;;leo;ADMINISTRADOR;\r\n";
        let done = send(&admin, file, false).await.expect(200);
        assert_eq!(totals(&done.json), (2, 0, 0));
        assert_eq!(done["ignored_columns"], json!(["Departamento"]));
        assert_eq!((&done["lines"][0]["role"], &done["lines"][1]["role"]), (&"technician".into(), &"admin".into()));
        assert_eq!((&done["lines"][0]["line"], &done["lines"][1]["line"]), (&2.into(), &5.into()));
        assert_eq!(done["lines"][1]["name"], "Leo");
        let ana = admin.get(&format!("/users/{}", done["lines"][0]["id"])).await.expect(200);
        assert_eq!(ana["locale"], "en");
    }

    async fn while_a_line_is_wrong_nobody_is_made(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        let file = format!(
            "username,name,email,role,locale\n\
             fine,Fine,fine@example.org,user,es\n\
             {known},Other,other@example.org,user,es\n\
             other,Other,{known}@EXAMPLE.org,user,es\n\
             a b,,nothing,boss,fr\n\
             FINE,Twice,twice@example.org,user,es\n\
             p\u{430}z,Paz,paz@example.org,user,es\n\
             {known},Ana,{known}@example.org,user,es\n",
            known = ana.username,
        );
        let before = app.stored().await;
        let dry = send(&admin, file.clone(), true).await.expect(200);
        assert_eq!(outcomes(&dry.json), ["created", "refused", "refused", "refused", "refused", "refused", "exists"]);
        assert_eq!(totals(&dry.json), (1, 1, 5));
        let fields = |line: usize| dry["lines"][line]["fields"].clone();
        assert_eq!(fields(1), json!({ "username": ["taken"] }));
        assert_eq!(fields(2), json!({ "email": ["taken"] }));
        assert_eq!(fields(3), json!({
            "username": ["invalid_characters"], "name": ["required"], "email": ["invalid_email"],
            "role": ["unknown"], "locale": ["unknown"],
        }));
        assert_eq!(dry["lines"][3]["role"], Value::Null);
        assert_eq!(fields(4), json!({ "username": ["taken"] }));
        assert_eq!(fields(5), json!({ "username": ["mixed_scripts"] }));
        assert_eq!((&dry["lines"][6]["line"], &dry["lines"][6]["id"]), (&8.into(), &ana.id.into()));
        let refused = send(&admin, file, false).await.expect(422).problem("import_refused");
        assert_eq!(refused["current"]["lines"], dry["lines"]);
        assert_eq!((&refused["current"]["created"], &refused["current"]["refused"]), (&0.into(), &5.into()));
        assert_eq!(app.stored().await, before);
    }

    async fn what_is_no_list_of_people_is_refused(app: TestApp) {
        let (admin, tech) = (app.admin().await, app.technician().await);
        let before = app.stored().await;
        for dry_run in [true, false] {
            send(&admin, "", dry_run).await.refuses("file", "required");
            send(&admin, "username,name,email\n", dry_run).await.refuses("file", "required");
            send(&admin, "username,name\nana,Ana\n", dry_run).await.refuses("email", "required");
            send(&admin, b"username,name,email\nana,Jos\xe9,a@b.org\n".to_vec(), dry_run).await.refuses("file", "invalid");
            let many = format!("username,name,email\n{}", "ana,Ana,ana@x.org\n".repeat(5_001));
            send(&admin, many, dry_run).await.refuses("file", "too_long");
            send(&admin, vec![b'a'; 2 * 1024 * 1024 + 1], dry_run).await.expect(413).problem("too_large");
            send(&tech, "username,name,email\nana,Ana,a@b.org\n", dry_run).await.expect(403).problem("forbidden");
            app.anonymous().request(Method::POST, "/users/import").file("x", "x").send().await.expect(401);
        }
        admin.post("/users/import", json!({})).await.expect(415).problem("unsupported_media_type");
        let path = "/users/import?dry_run=maybe";
        admin.request(Method::POST, path).file("x", "x").send().await.expect(400).problem("malformed_parameter");
        assert_eq!(app.stored().await, before);
    }

    /// Text is text: what a spreadsheet would calculate, a script, a NUL.
    async fn a_line_cannot_do_more_than_name_a_person(app: TestApp) {
        let admin = app.admin().await;
        let file = "username,name,email\n\
                    uno,\"=cmd|' /C calc'!A0\",uno@example.org\n\
                    dos,<script>alert(1)</script>,dos@example.org\n\
                    tres,\u{202e}evil,tres@example.org\n\
                    cua\0tro,Cuatro,cuatro@example.org\n\
                    cinco,Cinco,cinco@example.org,one,two,three\n";
        let dry = send(&admin, file, true).await.expect(200);
        assert_eq!(outcomes(&dry.json), ["created", "created", "refused", "refused", "created"]);
        assert_eq!(dry["lines"][2]["fields"], json!({ "name": ["invalid_characters"] }));
        assert_eq!(dry["lines"][3]["fields"], json!({ "username": ["invalid_characters"] }));
        assert_eq!(dry["lines"][1]["name"], "<script>alert(1)</script>");
    }

    settings(|config| config.workers = 2)
    async fn others_write_while_hundreds_are_made(app: TestApp) {
        let admin = app.admin().await;
        let mut people = Vec::new();
        for _ in 0..6 {
            people.push(app.user().await);
        }
        let lines: String = (0..300).map(|n| format!("p{n};Persona {n};p{n}@example.org\n")).collect();
        let others = join_all(people.iter().map(|person| {
            let app = &app;
            async move {
                for n in 0..10 {
                    app.ticket(person, &format!("Aviso {n}")).await;
                }
            }
        }));
        let (done, _) = tokio::join!(send(&admin, format!("username;name;email\n{lines}"), false), others);
        assert_eq!(totals(&done.expect(200).json), (300, 0, 0));
        let db = Db::open(&app.database.parsed()).await.unwrap();
        assert_eq!(verify(&db, None).await.unwrap().unwrap().entries, 300 + 60);
        // Each is welcomed, by name, with a link of their own.
        assert_eq!(app.number("SELECT COUNT(DISTINCT user_id) AS n FROM mails WHERE kind = 'welcome'").await, 300);
        assert_eq!(app.number("SELECT COUNT(DISTINCT user_id) AS n FROM password_links WHERE used_at IS NULL").await, 300);
        let places = "SELECT MAX(id) - MIN(id) AS n FROM events WHERE kind = 'user_created'";
        assert_eq!(app.number(places).await, 299, "others wrote between two of them");
    }

    async fn hundreds_are_made_at_once(app: TestApp) {
        let admin = app.admin().await;
        let lines: String = (0..600).map(|n| format!("p{n};Persona {n};p{n}@example.org\n")).collect();
        let done = send(&admin, format!("username;name;email\n{lines}"), false).await.expect(200);
        assert_eq!(totals(&done.json), (600, 0, 0));
        assert_eq!(made(&app).await, 600);
        assert_eq!(admin.list("/users", &[("q", "p599@example.org")]).await.expect(200).items().len(), 1);
    }
}
