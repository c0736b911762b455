//! `/search`: everything one may see, and nothing else.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, Kind, Reply};

/// Lets the database take what is noted and refuse the transaction that notes it when it is to be committed.
const TRAP: &str = "CREATE TABLE trap (user_id BIGINT NOT NULL REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED)";
const TRAP_SQLITE: &str = "CREATE TRIGGER springs AFTER INSERT ON events BEGIN INSERT INTO trap VALUES (-1); END";
const TRAP_POSTGRES: &str = "CREATE FUNCTION spring() RETURNS trigger LANGUAGE plpgsql AS \
    $$ BEGIN INSERT INTO trap VALUES (-1); RETURN NULL; END $$; \
    CREATE TRIGGER springs AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION spring()";
/// MySQL checks all it checks before a commit: there what is noted is refused, behind what it tells of.
const TRAP_MYSQL: &str = "CREATE TRIGGER springs BEFORE INSERT ON events FOR EACH ROW SIGNAL SQLSTATE '45000'";

async fn search(person: &Client, text: &str) -> Reply {
    let found = person.list("/search", &[("q", text)]).await.expect(200);
    assert_eq!(found["next_cursor"], Value::Null);
    found
}

/// What was found, as `ticket 12`.
async fn found(person: &Client, text: &str) -> Vec<String> {
    let reply = search(person, text).await;
    reply.items().iter().map(|hit| format!("{} {}", hit["kind"].as_str().unwrap(), hit["id"])).collect()
}

on_each_database! {
    async fn accents_case_and_word_ends_make_no_difference(app: TestApp) {
        let ana = app.user().await;
        let printer = app
            .ticket_like(&ana, json!({ "title": "Fallo de IMPRESIÓN", "description": "La Ñandú-9000 <b>no</b> imprime" }))
            .await
            .id();
        app.ticket(&ana, "Otra cosa").await;
        let hit = vec![format!("ticket {printer}")];
        for text in
            ["impresión", "IMPRESION", "impresio", "fallo impresion", "nandu", "9000", "Ñandú-9000", "\"impresión\"", "imprime fallo"]
        {
            assert_eq!(found(&ana, text).await, hit, "{text}");
        }
        for text in ["impresora", "presion", "fallo cosa"] {
            assert!(found(&ana, text).await.is_empty(), "{text}");
        }
        let reply = search(&ana, "nandu impres").await;
        let hit = &reply.items()[0];
        assert_eq!(hit["title"], "Fallo de <mark>IMPRESIÓN</mark>");
        assert_eq!(hit["snippet"], "La <mark>Ñandú</mark>-9000 &lt;b&gt;no&lt;/b&gt; imprime");
        assert_eq!(hit["ticket_id"], printer);
        assert!(hit["score"].as_f64().unwrap() > 0.0);
        // Nor does it matter who left the accent out.
        let luis = app.user().await;
        let plain = app.ticket(&luis, "La impresion sale gris").await;
        for text in ["impresión", "IMPRESIÓN", "impresió", "impresion gris"] {
            assert_eq!(found(&luis, text).await, [format!("ticket {plain}")], "{text}");
        }
    }

    async fn a_change_is_found_at_once_and_the_old_text_no_more(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let ticket = app.ticket_like(&ana, json!({ "title": "Proyector", "description": "Sala grande" })).await.id();
        let path = format!("/tickets/{ticket}");
        admin
            .patch(&path, json!({ "version": 1, "title": "Cañón de vídeo", "description": "Auditorio" }))
            .await
            .expect(200);
        assert_eq!(found(&ana, "canon").await, [format!("ticket {ticket}")]);
        assert_eq!(found(&ana, "auditorio").await, [format!("ticket {ticket}")]);
        assert!(found(&ana, "proyector").await.is_empty());
        let comment = ana.post(&format!("{path}/comments"), json!({ "body": "Sigue en penumbra" })).await.expect(201).id();
        assert_eq!(found(&ana, "penumbra").await, [format!("comment {comment}")]);
        ana.patch(&format!("/comments/{comment}"), json!({ "body": "Ya funciona" })).await.expect(200);
        assert!(found(&ana, "penumbra").await.is_empty());
        let reply = search(&ana, "ya funciona").await;
        assert_eq!((reply.ids(), &reply.items()[0]["ticket_id"]), (vec![comment], &ticket.into()));
        assert_eq!(reply.items()[0]["title"], "Cañón de vídeo");
    }

    async fn what_is_refused_when_it_is_committed_is_not_found(app: TestApp) {
        let admin = app.admin().await;
        let ticket = app.ticket(&admin, "Teclado").await;
        let path = format!("/tickets/{ticket}");
        let changes = [
            (Method::POST, "/tickets".to_owned(), json!({ "title": "Ornitorrinco", "description": "Marsopa" })),
            (Method::PATCH, path.clone(), json!({ "version": 1, "title": "Ornitorrinco", "description": "Marsopa" })),
            (Method::POST, format!("{path}/comments"), json!({ "body": "Ornitorrinco, marsopa" })),
        ];
        // Whatever is changed is noted, which the database takes and refuses when it is to be committed.
        let (traps, disarm): (&[&str], &str) = match app.database.kind {
            Kind::Sqlite => (&[TRAP, TRAP_SQLITE], "DROP TRIGGER springs"),
            Kind::Postgres => (&[TRAP, TRAP_POSTGRES], "DROP TRIGGER springs ON events"),
            Kind::Mysql => (&[TRAP_MYSQL], "DROP TRIGGER springs"),
        };
        for trap in traps {
            app.sql(trap).await;
        }
        let stored = app.stored().await;
        for (method, path, body) in &changes {
            // By another client: ours takes no fault of the server for an answer.
            let reply = reqwest::Client::new()
                .request(method.clone(), format!("{}/api/v1{path}", app.origin))
                .header("Cookie", format!("turno_session={}", admin.cookie.as_deref().unwrap()))
                .header("X-CSRF-Token", admin.csrf.as_deref().unwrap())
                .header("Content-Type", "application/json")
                .body(body.to_string())
                .send()
                .await
                .unwrap();
            assert!(reply.status().is_server_error(), "{method} {path}: {}", reply.status());
        }
        // Neither the rows nor what they would be found by: the index goes with its row.
        assert_eq!(app.stored().await, stored);
        for text in ["ornitorrinco", "marsopa"] {
            assert_eq!(found(&admin, text).await, [""; 0], "{text}");
        }
        assert_eq!(found(&admin, "teclado").await, [format!("ticket {ticket}")]);

        app.sql(disarm).await;
        let [(_, _, fields), (_, _, edit), (_, _, words)] = changes;
        let other = app.ticket_like(&admin, fields).await.id();
        admin.patch(&path, edit).await.expect(200);
        let comment = admin.post(&format!("{path}/comments"), words).await.expect(201).id();
        let mut all = [format!("comment {comment}"), format!("ticket {other}"), format!("ticket {ticket}")];
        all.sort();
        for text in ["ornitorrinco", "marsopa"] {
            let mut hits = found(&admin, text).await;
            hits.sort();
            assert_eq!(hits, all, "{text}");
        }
        assert_eq!(found(&admin, "teclado").await, [""; 0]);
    }

    /// A character may become six in an index. What that has no room for is not found, but it is kept.
    async fn the_longest_text_is_kept_and_its_title_found(app: TestApp) {
        let ana = app.user().await;
        // Each word another one, of characters that stand for words of katakana: spelled out they are 1.6 MB.
        let squares: Vec<char> = "㌖㍇㌶㌠㌗㍿㍑㍍㍈㍃㌳㌟㌛㌒㌍㌌".chars().collect();
        let word = |n: usize| -> String { [0, 4, 8, 12].map(|bits| squares[(n >> bits) % 16]).iter().collect() };
        let text: String = (0..5_000).map(|n| format!("{}{} ", word(n), "㌖".repeat(15))).collect();
        let text = format!("{}.", text.trim_end());
        assert_eq!(text.chars().count(), 100_000);
        let ticket = app.ticket_like(&ana, json!({ "title": "Montón de palabras", "description": text })).await;
        let path = format!("/tickets/{}", ticket.id());
        assert_eq!(ana.get(&path).await.expect(200)["description"], text);
        assert_eq!(found(&ana, "monton").await, [format!("ticket {}", ticket.id())]);
        ana.post(&format!("{path}/comments"), json!({ "body": text })).await.expect(201);
    }

    async fn nobody_finds_what_they_may_not_see(app: TestApp) {
        let (ana, luis, tech, admin) = (app.user().await, app.user().await, app.technician().await, app.admin().await);
        let ticket = app.ticket_like(&ana, json!({ "title": "Nómina", "description": "Sueldo secreto" })).await.id();
        let path = format!("/tickets/{ticket}");
        let note = admin
            .post(&format!("{path}/comments"), json!({ "body": "Sospecha de fraude", "visibility": "internal" }))
            .await
            .expect(201)
            .id();
        let number = format!("#{ticket}");
        for text in ["nomina", "secreto", "fraude", number.as_str(), &ticket.to_string(), "status:open", "assignee:none"] {
            assert!(found(&luis, text).await.is_empty(), "{text}");
        }
        assert!(found(&ana, "fraude").await.is_empty());
        assert_eq!(found(&ana, "secreto").await, [format!("ticket {ticket}")]);
        assert_eq!(found(&tech, "fraude").await, [format!("comment {note}")]);
        // Somebody else's ticket is out of the technician's sight, until they are asked to follow it.
        app.give(ticket, &admin).await;
        for text in ["nomina", "fraude", number.as_str()] {
            assert!(found(&tech, text).await.is_empty(), "{text}");
        }
        app.invite(ticket, &luis).await;
        assert_eq!(found(&luis, "nomina").await, [format!("ticket {ticket}")]);
        assert!(found(&luis, "fraude").await.is_empty());
    }

    async fn people_are_found_by_staff_alone(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let zoe = json!({ "username": "zoe.quiros", "name": "Zoé Quirós", "email": "zoe@example.org", "role": "user" });
        let zoe = admin.post("/users", zoe).await.expect(201).id();
        for text in ["zoe", "quiros", "zoe.quiros", "zoe example"] {
            assert_eq!(found(&tech, text).await, [format!("person {zoe}")], "{text}");
            assert!(found(&ana, text).await.is_empty(), "{text}");
        }
        let reply = search(&tech, "quiros").await;
        assert_eq!(reply.items()[0]["title"], "Zoé <mark>Quirós</mark>");
        // A person may be asked for alone, and a user gets none that way either.
        let ticket = app.ticket(&admin, "Zoé no puede entrar").await;
        let of_kind = async |person: &Client, kind: &str| {
            person.list("/search", &[("q", "zoe"), ("kind", kind)]).await.expect(200).ids()
        };
        assert_eq!(of_kind(&admin, "person").await, [zoe]);
        assert_eq!(of_kind(&admin, "ticket").await, [ticket]);
        assert!(of_kind(&admin, "comment").await.is_empty());
        assert!(of_kind(&ana, "person").await.is_empty());
        admin.list("/search", &[("q", "zoe"), ("kind", "x")]).await.expect(400).problem("malformed_parameter");
        admin.delete(&format!("/users/{zoe}")).await.expect(204);
        assert!(found(&tech, "quiros").await.is_empty());
    }

    async fn a_person_is_found_among_many_texts_that_name_them(app: TestApp) {
        let (tech, admin) = (app.technician().await, app.admin().await);
        let zoe = json!({ "username": "zoe.quiros", "name": "Zoé Quirós", "email": "zoe@example.org", "role": "user" });
        let zoe = admin.post("/users", zoe).await.expect(201).id();
        // In whose name the letters only happen to be.
        let other = json!({ "username": "marizoe", "name": "Marizoé Paz", "email": "m@example.org", "role": "user" });
        let other = admin.post("/users", other).await.expect(201).id();
        for nth in 0..12 {
            app.ticket(&admin, &format!("Zoé {nth}")).await;
        }
        // So that the name is rare, and what has it matches well.
        for nth in 0..60 {
            app.ticket(&admin, &format!("Impresora {nth} sin tinta")).await;
        }
        let few = tech.list("/search", &[("q", "zoe"), ("limit", "8")]).await.expect(200);
        let people: Vec<usize> = (0..8).filter(|&at| few.items()[at]["kind"] == "person").collect();
        assert_eq!(few.items().len(), 8);
        assert!(matches!(people[..], [at] if few.items()[at]["id"] == zoe), "{people:?}");
        // Texts keep their places, too, where many people have the name.
        for nth in 0..4 {
            let (username, email) = (format!("zoe{nth}"), format!("zoe{nth}@example.org"));
            let other = json!({ "username": username, "name": format!("Zoé {nth}"), "email": email, "role": "user" });
            admin.post("/users", other).await.expect(201);
        }
        let few = tech.list("/search", &[("q", "zoe"), ("limit", "8")]).await.expect(200);
        assert_eq!(few.items().iter().filter(|hit| hit["kind"] == "person").count(), 2);
        let all = found(&tech, "zoe").await;
        assert_eq!((all.len(), all.last()), (12 + 5 + 1, Some(&format!("person {other}"))));
    }

    async fn filters_narrow(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let [open, urgent, closed] = app.three_keyboards(&ana, &admin).await;
        let one = |id: i64| vec![format!("ticket {id}")];
        assert_eq!(found(&admin, "status:closed teclado").await, one(closed));
        assert_eq!(found(&admin, "teclado assignee:me").await, one(urgent));
        assert_eq!(found(&admin, "status:open,in_progress assignee:none tecl").await, one(open));
        assert_eq!(found(&admin, "priority:urgent").await, one(urgent));
        assert_eq!(found(&admin, &format!("#{closed}")).await, one(closed));
        assert_eq!(found(&admin, &closed.to_string()).await.first(), one(closed).first());
        assert!(found(&admin, "#999999999").await.is_empty());
        // The same in Spanish, and in both languages at once.
        assert_eq!(found(&admin, "estado:cerrado teclado").await, one(closed));
        assert_eq!(found(&admin, "Teclado ASIGNADO:yo").await, one(urgent));
        assert_eq!(found(&admin, "estado:abierto,\"en proceso\" asignado:nadie tecl").await, one(open));
        assert_eq!(found(&admin, "prioridad:urgente status:open").await, one(urgent));
        assert_eq!(found(&admin, "asignada:\"sin asignar\" estado:abierto").await, one(open));
        // What is no filter is words: it finds what has them, and nothing that has not.
        for text in ["status:nope teclado", "estado:roto", "prioridad:mojado"] {
            assert!(found(&admin, text).await.is_empty(), "{text}");
        }
        let odd = app.ticket(&ana, "Estado: roto").await;
        assert_eq!(found(&admin, "estado:roto").await, one(odd));
        // Words beside a number are looked for in that ticket, its comments among it, and in no other.
        let body = json!({ "body": "El teclado nuevo llega hoy" });
        let comment = ana.post(&format!("/tickets/{open}/comments"), body).await.expect(201).id();
        assert_eq!(found(&admin, &format!("#{closed} teclado")).await, one(closed));
        let mut both = found(&admin, &format!("teclado #{open} tec")).await;
        both.sort_unstable();
        assert_eq!(both, [format!("comment {comment}"), format!("ticket {open}")]);
        assert_eq!(found(&admin, &format!("#{open} hoy")).await, [format!("comment {comment}")]);
        for text in [format!("#{closed} mojado"), format!("#{closed} teclado status:open"), "#999999999 teclado".to_owned()] {
            assert!(found(&admin, &text).await.is_empty(), "{text}");
        }
        assert!(found(&admin, &format!("#{closed} {}", ana.name)).await.is_empty());
    }

    async fn filters_alone_give_each_ticket_once_latest_first(app: TestApp) {
        let (ana, luis, admin) = (app.user().await, app.user().await, app.admin().await);
        let own = app.ticket(&ana, "Teclado").await;
        let followed = app.ticket(&luis, "Ratón").await;
        app.ticket(&luis, "Pantalla").await;
        app.invite(followed, &ana).await;
        app.invite(own, &ana).await;
        for (id, priority) in [(own, "urgent"), (followed, "high")] {
            admin.patch(&format!("/tickets/{id}"), json!({ "version": 1, "priority": priority })).await.expect(200);
        }
        let both = [format!("ticket {followed}"), format!("ticket {own}")];
        for text in ["status:open", "priority:urgent,high", "status:open,waiting priority:urgent,high,high"] {
            assert_eq!(found(&ana, text).await, both, "{text}");
        }
        assert_eq!(ana.list("/search", &[("q", "status:open"), ("limit", "1")]).await.expect(200).ids(), [followed]);
        assert_eq!(found(&ana, "priority:urgent").await, both[1..]);
    }

    async fn short_words_count_too(app: TestApp) {
        let ana = app.user().await;
        let toner = app
            .ticket_like(&ana, json!({ "title": "Tóner HP agotado", "description": "Piso 3" }))
            .await
            .id();
        let other = app.ticket_like(&ana, json!({ "title": "Tóner Xerox", "description": "Nada más" })).await.id();
        let comment = json!({ "body": "El tóner es de HP" });
        let comment = ana.post(&format!("/tickets/{other}/comments"), comment).await.expect(201).id();
        for text in ["hp", "toner hp", "HP tóner"] {
            let mut hits = found(&ana, text).await;
            hits.sort();
            assert_eq!(hits, [format!("comment {comment}"), format!("ticket {toner}")], "{text}");
        }
        for text in ["piso 3", "3 agotado"] {
            assert_eq!(found(&ana, text).await, [format!("ticket {toner}")], "{text}");
            assert_eq!(ana.list("/tickets", &[("q", text)]).await.expect(200).ids(), [toner], "{text}");
        }
        for text in ["hp xerox", "xerox hp"] {
            assert!(found(&ana, text).await.is_empty(), "{text}");
        }
    }

    /// Texts are read some at a time.
    async fn of_many_that_are_found_each_shows_its_own_text(app: TestApp) {
        let ana = app.user().await;
        let mut written = Vec::new();
        for n in 0..15 {
            let fields = json!({ "title": format!("Aviso {n}"), "description": format!("El tóner ticket{n}") });
            let ticket = app.ticket_like(&ana, fields).await.id();
            let comment = json!({ "body": format!("El tóner comentario{n}") });
            let comment = ana.post(&format!("/tickets/{ticket}/comments"), comment).await.expect(201).id();
            written.push(("ticket", ticket, n));
            written.push(("comment", comment, n));
        }
        let reply = ana.list("/search", &[("q", "toner"), ("limit", "100")]).await.expect(200);
        assert_eq!(reply.items().len(), written.len());
        for (kind, id, n) in written {
            let hit = reply.items().iter().find(|hit| hit["kind"] == kind && hit["id"] == id).unwrap();
            let word = if kind == "ticket" { "ticket" } else { "comentario" };
            assert_eq!(hit["snippet"], format!("El <mark>tóner</mark> {word}{n}"));
        }
    }

    async fn signs_that_stand_for_letters_are_found(app: TestApp) {
        let ana = app.user().await;
        for (title, text) in [
            ("Factura Nº 1234", "Nº 1234"),
            ("Fuga en la 2ª planta", "2ª planta"),
            ("Goteras en la 3ª", "3ª"),
            ("Falla la conﬁg del router", "conﬁg"),
            ("Oficina de 40 m²", "40 m²"),
            ("Pedido № 5678", "№ 5678"),
        ] {
            let in_title = app.ticket_like(&ana, json!({ "title": title, "description": "Hoy" })).await.id();
            let in_text = app.ticket_like(&ana, json!({ "title": "Aviso", "description": title })).await.id();
            let path = format!("/tickets/{}/comments", app.ticket(&ana, "Otro").await);
            let comment = ana.post(&path, json!({ "body": title })).await.expect(201).id();
            let mut hits = found(&ana, text).await;
            hits.sort();
            let mut all = [format!("comment {comment}"), format!("ticket {in_title}"), format!("ticket {in_text}")];
            all.sort();
            assert_eq!(hits, all, "{text}");
            assert!(ana.list("/tickets", &[("q", text)]).await.expect(200).ids().contains(&in_title), "{text}");
        }
        let hits = search(&ana, "2ª planta").await;
        assert!(hits.items().iter().any(|hit| hit["title"] == "Fuga en la <mark>2ª</mark> <mark>planta</mark>"));
    }

    async fn what_matches_better_comes_first(app: TestApp) {
        let ana = app.user().await;
        let in_text = app
            .ticket_like(&ana, json!({ "title": "Ayuda", "description": format!("{} escáner", "bla ".repeat(200)) }))
            .await
            .id();
        let in_title = app.ticket_like(&ana, json!({ "title": "Escáner", "description": "No va" })).await.id();
        assert_eq!(found(&ana, "escaner").await, [format!("ticket {in_title}"), format!("ticket {in_text}")]);
        assert_eq!(ana.list("/search", &[("q", "escaner"), ("limit", "1")]).await.expect(200).ids(), [in_title]);
    }

    async fn no_text_confuses_it(app: TestApp) {
        let ana = app.user().await;
        // With all the signs that are asked for, and without the letters of the short words: MySQL looks for those inside others.
        let signs = r#"dos cinco % _ * "" ' \ & | ! <-> :* @ ~ # ¿? 🖨️ --"#;
        let uno = app.ticket_like(&ana, json!({ "title": "Uno %_*", "description": signs })).await.id();
        let comment = json!({ "body": signs });
        ana.post(&format!("/tickets/{uno}/comments"), comment).await.expect(201);
        // What has no letter and no digit asks for nothing, so it finds nothing.
        for text in [
            "", "   ", "\"", "\"\"", "'", "*", "**", "%", "%%", "_", "__", "#", "<->", ":*", "@", "~", "\\", "¿?", "🖨️", "! & |", "--", "!%",
        ] {
            assert_eq!(found(&ana, text).await, [""; 0], "{text}");
        }
        // Nor do words that are not there, whatever they mean to a database.
        for text in [
            "NEAR(", "NEAR(a b, 2)", "a AND", "OR", "NOT x", "title:", "a:b:c", "#x", "#99999999999999999999", "status:", "status:x",
            "assignee:x", "'; DROP TABLE tickets; --", "№ ™", "℀", "日本語", "é\u{301}", "cin%nco", "cin_nco", "%inco", "uno OR perro", "uno NOT perro", "uno -perro",
        ] {
            assert_eq!(found(&ana, text).await, [""; 0], "{text}");
        }
        // What stands around a word that is there does not keep it from being found.
        for text in [
            "^uno*", "-uno", "+uno", "(uno", "uno)", "{uno}", "uno & | !", "\"uno\"", "\"uno", "uno%", "%uno", "_uno_", "uno*", "uno:*",
            "~uno", "@uno", "uno -dos +cinco",
        ] {
            assert_eq!(found(&ana, text).await, [format!("ticket {uno}")], "{text}");
        }
        assert_eq!(ana.list("/search", &[]).await.expect(200).items().len(), 0);
        ana.list("/search", &[("q", &"x".repeat(201))]).await.expect(400).problem("malformed_parameter");
        ana.list("/search", &[("q", "a\u{0}b")]).await.expect(400).problem("malformed_parameter");
        for limit in ["0", "101", "x"] {
            ana.list("/search", &[("q", "uno"), ("limit", limit)]).await.expect(400).problem("malformed_parameter");
        }
    }
}
