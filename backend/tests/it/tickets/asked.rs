//! `GET /tickets`: what it cannot be asked for.

use serde_json::json;

on_each_database! {
    async fn a_cursor_is_good_for_its_own_query_only(app: TestApp) {
        let ana = app.user().await;
        for n in 0..5 {
            app.ticket(&ana, &format!("Aviso {n}")).await;
        }
        let page = ana.list("/tickets", &[("limit", "2"), ("status", "open")]).await.expect(200);
        let cursor = page["next_cursor"].as_str().unwrap().to_owned();
        // Another size of page is the same list.
        let rest = ana.list("/tickets", &[("cursor", &cursor), ("status", "open"), ("limit", "3")]).await.expect(200);
        assert_eq!(rest.items().len(), 3);
        for parameters in [
            vec![],
            vec![("status", "closed")],
            vec![("status", "open,closed")],
            vec![("status", "open"), ("sort", "created_at")],
            vec![("status", "open"), ("q", "aviso")],
            vec![("status", "open"), ("priority", "medium")],
        ] {
            let parameters = [&parameters[..], &[("cursor", cursor.as_str())]].concat();
            ana.list("/tickets", &parameters).await.expect(400).problem("invalid_cursor");
        }
        for rubbish in ["", "rubbish", "bnVsbA", "W10", "%00", "ñ", &"A".repeat(3000)] {
            ana.list("/tickets", &[("cursor", rubbish)]).await.expect(400).problem("invalid_cursor");
        }
        let ticket = ana.get("/tickets").await.ids()[0];
        for list in ["comments", "history"] {
            let path = format!("/tickets/{ticket}/{list}");
            ana.list(&path, &[("cursor", &cursor)]).await.expect(400).problem("invalid_cursor");
        }
    }

    /// Words that not every index keeps.
    async fn short_words_are_found_in_titles_and_texts(app: TestApp) {
        let ana = app.user().await;
        let like = async |title: &str, description: &str| {
            app.ticket_like(&ana, json!({ "title": title, "description": description })).await.id()
        };
        let titled = like("HP sin tóner", "Desde ayer").await;
        let told = like("Aviso", "La HP de 2ª mano hace ruido").await;
        like("Otro aviso", "Nada más").await;
        for (text, expected) in [
            ("hp", vec![told, titled]),
            ("HP", vec![told, titled]),
            ("la hp", vec![told]),
            ("2ª", vec![told]),
            ("hp 2ª", vec![told]),
            ("hp xx", vec![]),
        ] {
            assert_eq!(ana.list("/tickets", &[("q", text)]).await.expect(200).ids(), expected, "{text}");
        }
        let open = [("q", "hp"), ("status", "open")];
        assert_eq!(ana.list("/tickets", &open).await.expect(200).ids(), [told, titled]);
    }

    async fn a_parameter_of_the_wrong_kind_is_named(app: TestApp) {
        let ana = app.user().await;
        for (name, value) in [
            ("limit", "0"),
            ("limit", "101"),
            ("limit", "-1"),
            ("limit", "ten"),
            ("limit", "4294967296"),
            ("status", "lost"),
            ("status", "open;closed"),
            ("status", ""),
            ("status", ","),
            ("priority", "soon"),
            ("category_id", "Hardware"),
            ("category_id", "me"),
            ("category_id", "9223372036854775808"),
            ("assignee_id", "everyone"),
            ("requester_id", "me"),
            ("created_after", "yesterday"),
            ("created_before", "2024-13-01T00:00:00Z"),
            ("closed_after", "yesterday"),
            ("closed_before", "2024-13-01T00:00:00Z"),
            ("sort", "title"),
            ("sort", "-"),
            ("q", "a\0b"),
            ("q", "a\nb"),
        ] {
            ana.list("/tickets", &[(name, value)]).await.expect(400).problem("malformed_parameter");
        }
        let long = "x".repeat(201);
        ana.list("/tickets", &[("q", &long)]).await.expect(400).problem("malformed_parameter");
        for moment in ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
            for name in ["created_after", "created_before", "closed_after", "closed_before"] {
                ana.list("/tickets", &[(name, moment)]).await.expect(200);
            }
        }
        for id in ["0", "-1", "9223372036854775807"] {
            for name in ["category_id", "assignee_id", "requester_id"] {
                assert_eq!(ana.list("/tickets", &[(name, id)]).await.expect(200).ids(), [0; 0]);
            }
        }
        ana.get("/tickets?limit=%FF&q=%FF%FE").await.expect(400).problem("malformed_parameter");
    }
}
