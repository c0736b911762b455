//! `@name` in comments, `GET /tickets/{id}/mentionable` and `POST /previews`.

use serde_json::{Value, json};

use crate::support::{Client, Reply, TestApp, ids};

async fn write(who: &Client, ticket: i64, body: &str, visibility: &str) -> Reply {
    let body = json!({ "body": body, "visibility": visibility });
    who.post(&format!("/tickets/{ticket}/comments"), body).await.expect(201)
}

fn mentioned(comment: &Value) -> Vec<i64> {
    ids(comment["mentions"].as_array().expect("mentions"))
}

fn shown(person: &Client) -> String {
    format!("<span class=\"mention\">@{}</span>", person.name)
}

async fn offered(who: &Client, ticket: i64, parameters: &[(&str, &str)]) -> Vec<i64> {
    who.list(&format!("/tickets/{ticket}/mentionable"), parameters).await.expect(200).ids()
}

/// A person made over the API.
async fn person(app: &TestApp, username: &str, name: &str, role: &str) -> i64 {
    let address = format!("u{}@example.org", crate::support::new_id());
    let body = json!({ "username": username, "name": name, "email": address, "role": role });
    app.admin().await.post("/users", body).await.expect(201).id()
}

on_each_database! {
    async fn a_mention_names_whoever_may_see_the_comment(app: TestApp) {
        let (ana, stranger, tech) = (app.user().await, app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let body = format!("Hola @{}, y @{} y @nadie.en.absoluto", ana.username.to_uppercase(), stranger.username);
        let comment = write(&tech, ticket, &body, "public").await;
        assert_eq!(
            comment["mentions"],
            json!([{ "id": ana.id, "username": ana.username, "name": ana.name, "avatar_url": null }])
        );
        assert_eq!(
            comment["body_html"],
            format!("<p>Hola {}, y @{} y @nadie.en.absoluto</p>\n", shown(&ana), stranger.username)
        );
        assert_eq!(comment["body"], body);
        let read = ana.get(&format!("/tickets/{ticket}/comments")).await.expect(200);
        assert_eq!(read.items()[0], comment.json);
        // Staff who could take the ticket may see it too; oneself may be named as well.
        let comment = write(&ana, ticket, &format!("@{} @{}", tech.username, ana.username), "public").await;
        assert_eq!(mentioned(&comment.json), [ana.id, tech.id]);
        let kept = app.numbers("SELECT user_id AS n FROM comment_mentions ORDER BY comment_id, user_id").await;
        assert_eq!(kept, [ana.id, ana.id, tech.id]);
        for (comment, people) in [(ids(read.items())[0], json!([ana.id])), (comment.id(), json!([ana.id, tech.id]))] {
            let event = app
                .number(&format!(
                    "SELECT COUNT(*) AS n FROM events WHERE kind = 'comment_added' AND \
                     payload LIKE '%\"comment_id\":{comment},\"mentions\":{people}%'"
                ))
                .await;
            assert_eq!(event, 1, "the event of {comment} does not say whom it mentions");
        }
    }

    async fn case_accents_and_punctuation_make_no_difference(app: TestApp) {
        let tech = app.technician().await;
        let ines = person(&app, "inés.núñez", "Inés Núñez", "user").await;
        let ana = person(&app, "ana", "Ana", "user").await;
        let ticket = app.ticket_like(&tech, json!({ "title": "x", "requester_id": ines })).await.id();
        tech.put(&format!("/tickets/{ticket}/watchers/{ana}"), Value::Null).await.expect(204);
        for text in ["@inés.núñez", "@INES.NUNEZ", "(@Ines.Nuñez)", "¿@ines.nunez?", "@ines.nunez.", "**@ines.nunez**, ven", "> @ines.nunez...", "@ine\u{301}s.nunez"] {
            let comment = write(&tech, ticket, text, "public").await;
            assert_eq!(mentioned(&comment.json), [ines], "{text}");
            assert!(comment["body_html"].as_str().unwrap().contains("<span class=\"mention\">@Inés Núñez</span>"), "{text}");
        }
        for text in ["`@ana`", "```\n@ana\n```", "    @ana", "a@ana", "luis@ana.example", "[@ana](https://example.org)", "@anabel", "https://example.org/@ana", "<a@ana>"] {
            let comment = write(&tech, ticket, text, "public").await;
            assert_eq!(mentioned(&comment.json), [0_i64; 0], "{text}");
            assert!(!comment["body_html"].as_str().unwrap().contains("mention"), "{text}");
        }
        let twice = write(&tech, ticket, "@ana y @Ana, y @ana.", "public").await;
        assert_eq!(mentioned(&twice.json), [ana]);
        assert_eq!(twice["body_html"].as_str().unwrap().matches("class=\"mention\"").count(), 3);
    }

    async fn nobody_is_reached_who_may_not_see_it(app: TestApp) {
        let (ana, watcher, gone) = (app.user().await, app.user().await, app.user().await);
        let (tech, other, admin) = (app.technician().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        app.give(ticket, &tech).await;
        app.invite(ticket, &watcher).await;
        app.invite(ticket, &gone).await;
        admin.delete(&format!("/users/{}", gone.id)).await.expect(204);
        let all = [&ana, &watcher, &gone, &tech, &other, &admin].map(|person| format!("@{}", person.username)).join(" ");
        let public = write(&tech, ticket, &all, "public").await;
        assert_eq!(mentioned(&public.json), [ana.id, watcher.id, tech.id, admin.id]);
        let note = write(&tech, ticket, &all, "internal").await;
        assert_eq!(mentioned(&note.json), [tech.id, admin.id]);
        assert!(!note["body_html"].as_str().unwrap().contains(&ana.name));
        // Who follows the ticket sees it, notes too when they are on staff; and is no less in sight when the scope is narrow.
        app.invite(ticket, &other).await;
        assert_eq!(mentioned(&write(&tech, ticket, &all, "internal").await.json), [tech.id, other.id, admin.id]);
        for person in [&ana, &watcher] {
            let read = person.get(&format!("/tickets/{ticket}/comments")).await.expect(200);
            assert_eq!(read.ids(), [public.id()]);
        }
    }

    settings(|config| config.technician_scope = shared::permissions::TechnicianScope::Assigned)
    async fn the_scope_of_technicians_counts(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let body = format!("@{} @{}", tech.username, admin.username);
        // Whoever asks learns of nobody on staff by trying names: before somebody answered there is nobody to name.
        assert_eq!(mentioned(&write(&ana, ticket, &body, "public").await.json), [0_i64; 0]);
        let preview = json!({ "body": body, "ticket_id": ticket });
        assert_eq!(ana.post("/previews", preview).await.expect(200)["mentions"], json!([]));
        write(&admin, ticket, "Miro", "internal").await;
        assert_eq!(mentioned(&write(&ana, ticket, &body, "public").await.json), [0_i64; 0]);
        write(&admin, ticket, "¿De qué marca?", "public").await;
        assert_eq!(mentioned(&write(&ana, ticket, &body, "public").await.json), [admin.id]);
        assert_eq!(offered(&admin, ticket, &[]).await, [ana.id, admin.id]);
        app.give(ticket, &tech).await;
        assert_eq!(mentioned(&write(&ana, ticket, &body, "public").await.json), [tech.id, admin.id]);
    }

    async fn an_edit_mentions_anew_and_tells_only_of_the_new(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let comment = write(&tech, ticket, &format!("@{}", ana.username), "public").await.id();
        let path = format!("/comments/{comment}");
        let both = json!({ "body": format!("@{} y @{}", ana.username, admin.username) });
        let edited = tech.patch(&path, both.clone()).await.expect(200);
        assert_eq!(mentioned(&edited.json), [ana.id, admin.id]);
        assert_eq!(tech.patch(&path, both).await.expect(200).json, edited.json);
        let told = app
            .number(&format!(
                "SELECT COUNT(*) AS n FROM events WHERE kind = 'comment_edited' AND payload LIKE '%\"mentions\":[{}]%'",
                admin.id
            ))
            .await;
        assert_eq!(told, 1);
        let edited = tech.patch(&path, json!({ "body": "nadie" })).await.expect(200);
        assert_eq!(edited["mentions"], json!([]));
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM comment_mentions").await, 0);
    }

    async fn a_person_stays_named_under_their_new_name(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        write(&tech, ticket, &format!("@{}", ana.username), "public").await;
        let change = json!({ "username": "otra.persona", "name": "Otra <Persona>" });
        admin.patch(&format!("/users/{}", ana.id), change).await.expect(200);
        let read = tech.get(&format!("/tickets/{ticket}/comments")).await.expect(200);
        assert_eq!(read.items()[0]["body_html"], "<p><span class=\"mention\">@Otra &lt;Persona&gt;</span></p>\n");
        assert_eq!(read.items()[0]["mentions"][0]["username"], "otra.persona");
    }

    async fn those_are_offered_who_may_be_mentioned(app: TestApp) {
        let (tech, other, admin) = (app.technician().await, app.technician().await, app.admin().await);
        let (luz, zoe) = (person(&app, "luz", "Luz Peña", "user").await, person(&app, "z.quiros", "Zoé Quirós", "user").await);
        let ticket = app.ticket_like(&tech, json!({ "title": "x", "requester_id": luz })).await.id();
        tech.put(&format!("/tickets/{ticket}/watchers/{zoe}"), Value::Null).await.expect(204);
        let of = async |q: &str| offered(&tech, ticket, &[("q", q)]).await;
        for q in ["luz", "LU", "pen", "peña", "luz pe", "@lu"] {
            assert_eq!(of(q).await, [luz], "{q}");
        }
        for q in ["z.q", "quir", "Zoé"] {
            assert_eq!(of(q).await, [zoe], "{q}");
        }
        for q in ["uz", "%", "_", "luz%", "'", "nadie"] {
            assert!(of(q).await.is_empty(), "{q}");
        }
        // The administrator who made these two is there as well.
        let everybody = of("").await;
        for id in [luz, zoe, tech.id, other.id, admin.id] {
            assert!(everybody.contains(&id), "{id} is not among {everybody:?}");
        }
        let staff = offered(&tech, ticket, &[("visibility", "internal")]).await;
        assert!(staff.contains(&other.id) && !staff.contains(&luz) && !staff.contains(&zoe), "{staff:?}");
        app.give(ticket, &tech).await;
        assert!(!of("").await.contains(&other.id));
        tech.list(&format!("/tickets/{ticket}/mentionable"), &[("q", &"x".repeat(201))]).await.expect(400).problem("malformed_parameter");
        tech.list(&format!("/tickets/{ticket}/mentionable"), &[("visibility", "x")]).await.expect(400).problem("malformed_parameter");
        assert_eq!(offered(&tech, ticket, &[("limit", "2")]).await, of("").await[..2]);
        tech.list(&format!("/tickets/{ticket}/mentionable"), &[("limit", "0")]).await.expect(400).problem("malformed_parameter");
    }

    async fn a_person_is_not_offered_the_whole_desk(app: TestApp) {
        let (ana, watcher) = (app.user().await, app.user().await);
        let (tech, noter, _other) = (app.technician().await, app.technician().await, app.technician().await);
        let admin = app.admin().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        assert_eq!(offered(&ana, ticket, &[]).await, [ana.id]);
        app.invite(ticket, &watcher).await;
        write(&admin, ticket, "Voy", "public").await;
        write(&noter, ticket, "Que espere", "internal").await;
        app.give(ticket, &tech).await;
        assert_eq!(offered(&ana, ticket, &[]).await, [ana.id, watcher.id, tech.id, admin.id]);
        assert_eq!(offered(&watcher, ticket, &[("q", &admin.username)]).await, [admin.id]);
        assert!(offered(&ana, ticket, &[("q", &noter.username)]).await.is_empty());
        ana.list(&format!("/tickets/{ticket}/mentionable"), &[("visibility", "internal")]).await.expect(403).problem("forbidden");
    }

    async fn at_most_ten_are_offered(app: TestApp) {
        let ana = app.user().await;
        let mut staff = Vec::new();
        for _ in 0..12 {
            staff.push(app.technician().await);
        }
        let ticket = app.ticket(&ana, "Ratón").await;
        assert_eq!(offered(&staff[0], ticket, &[]).await.len(), 10);
    }

    async fn a_text_is_shown_before_it_is_sent_and_nothing_is_kept(app: TestApp) {
        let (ana, watcher, tech) = (app.user().await, app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        app.invite(ticket, &watcher).await;
        let body = format!("**Hola** @{} @{} #{ticket} <b>", ana.username, tech.username);
        let stored = app.stored().await;
        let public = tech.post("/previews", json!({ "body": body, "ticket_id": ticket })).await.expect(200);
        assert_eq!(public["unseen_by"], json!([]));
        let note = json!({ "body": body, "ticket_id": ticket, "visibility": "internal" });
        let note = tech.post("/previews", note).await.expect(200);
        assert_eq!(ids(note["mentions"].as_array().unwrap()), [tech.id]);
        assert_eq!(ids(note["unseen_by"].as_array().unwrap()), [ana.id]);
        let alone = ana.post("/previews", json!({ "body": body })).await.expect(200);
        assert_eq!((&alone["mentions"], &alone["unseen_by"]), (&json!([]), &json!([])));
        assert!(!alone["html"].as_str().unwrap().contains("mention"));
        for (body, reason) in [("", "required"), (" \n", "required"), ("a\0b", "invalid_characters"), (&"x".repeat(100_001), "too_long")] {
            ana.post("/previews", json!({ "body": body })).await.refuses("body", reason);
        }
        for body in [json!({}), json!({ "body": 1 }), json!({ "body": "x", "visibility": "x" }), json!({ "body": "x", "other": 1 })] {
            ana.post("/previews", body).await.expect(400).problem("malformed_body");
        }
        ana.post("/previews", json!({ "body": "x", "ticket_id": 999_999 })).await.expect(404).problem("not_found");
        assert_eq!(app.stored().await, stored);
        // As it is shown, so it is.
        assert_eq!(write(&tech, ticket, &body, "public").await["body_html"], public["html"]);
        assert_eq!(ids(public["mentions"].as_array().unwrap()), [ana.id, tech.id]);
    }

    async fn nobody_has_texts_shown_all_the_time(app: TestApp) {
        let (ana, luis) = (app.user().await, app.user().await);
        let mut refused = None;
        for _ in 0..200 {
            let reply = ana.post("/previews", json!({ "body": "x" })).await;
            if reply.status != 200 {
                refused = Some(reply);
                break;
            }
        }
        refused.expect("200 in a row were shown").expect(429).problem("too_many_requests");
        luis.post("/previews", json!({ "body": "x" })).await.expect(200);
    }

    async fn descriptions_are_rendered_as_comments_are(app: TestApp) {
        let ana = app.user().await;
        let text = format!("- [x] Ver #1042\n- https://example.org/?a=1&b=2\n\n<script>x</script> @{}", ana.username);
        let ticket = app.ticket_like(&ana, json!({ "title": "x", "description": text })).await;
        let comment = write(&ana, ticket.id(), &text.replace('@', ""), "public").await;
        let link = "<a href=\"https://example.org/?a=1&amp;b=2\" target=\"_blank\" rel=\"noopener nofollow\">https://example.org/?a=1&amp;b=2</a>";
        for html in [&ticket["description_html"], &comment["body_html"]] {
            let html = html.as_str().unwrap();
            assert!(html.contains("<a href=\"/tickets/1042\" rel=\"noopener nofollow\">#1042</a>"), "{html}");
            assert!(html.contains(link), "{html}");
            assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "{html}");
        }
        // Nobody is mentioned in a description.
        assert!(!ticket["description_html"].as_str().unwrap().contains("mention"));
    }

    async fn long_texts_come_as_short_ones_do(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let text = format!("@{} {}", ana.username, "palabra ".repeat(8_000));
        let first = write(&tech, ticket, &text, "public").await;
        let second = write(&tech, ticket, &text, "public").await;
        let read = ana.get(&format!("/tickets/{ticket}/comments")).await.expect(200);
        assert_eq!(read.items(), [first.json, second.json]);
        assert_eq!(mentioned(&read.items()[1]), [ana.id]);
    }
}
