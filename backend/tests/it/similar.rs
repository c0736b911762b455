//! `/tickets/similar`: what a new ticket may be like.

use serde_json::json;

use crate::support::Client;

async fn similar(who: &Client, title: &str) -> Vec<i64> {
    who.list("/tickets/similar", &[("title", title)]).await.expect(200).ids()
}

on_each_database! {
    async fn a_title_is_like_those_that_share_its_words(app: TestApp) {
        let ana = app.user().await;
        let make = async |title: &str, description: &str| {
            app.ticket_like(&ana, json!({ "title": title, "description": description })).await.id()
        };
        let printer = make("La impresora del 2.º piso parpadea en rojo", "Luz roja").await;
        let slow = make("Impresión lenta", "La impresora del 2.º piso tarda y parpadea").await;
        let screen = make("El monitor parpadea", "Desde ayer").await;
        make("VPN caída", "No conecta desde casa").await;
        assert_eq!(similar(&ana, "La impresora parpadea en rojo otra vez").await, [printer]);
        assert_eq!(similar(&ana, "IMPRESORAS que parpadean").await, [printer, slow]);
        assert_eq!(similar(&ana, "Monitores que parpadean").await, [screen]);
        assert_eq!(similar(&ana, "impresion").await.len(), 2);
        for nothing in ["", "   ", "no funciona", "¿?", "Silla rota", "\"*' OR 1=1 --", "NEAR(a b)"] {
            assert!(similar(&ana, nothing).await.is_empty(), "{nothing}");
        }
        let reply = ana.list("/tickets/similar", &[("title", "monitor parpadea")]).await.expect(200);
        let first = &reply.items()[0];
        assert_eq!((&first["id"], &first["title"], &first["status"]), (&screen.into(), &"El monitor parpadea".into(), &"open".into()));
        assert_eq!(reply["next_cursor"], serde_json::Value::Null);
    }

    async fn short_words_are_like_their_plurals(app: TestApp) {
        let ana = app.user().await;
        let mice = app.ticket(&ana, "Faltan ratones").await;
        let desk = app.ticket(&ana, "Mesa coja").await;
        let wired = app.ticket(&ana, "Cableado nuevo").await;
        assert_eq!(similar(&ana, "El ratón").await, [mice]);
        assert_eq!(similar(&ana, "Las mesas").await, [desk]);
        assert!(similar(&ana, "Un cable").await.is_empty());
        assert_eq!(similar(&ana, "El cableado").await, [wired]);
    }

    async fn a_ticket_is_not_like_itself(app: TestApp) {
        let ana = app.user().await;
        let (one, two) = (app.ticket(&ana, "Teclado roto").await, app.ticket(&ana, "Teclado roto").await);
        let except = one.to_string();
        let asked = [("title", "Teclado roto"), ("except", except.as_str())];
        assert_eq!(ana.list("/tickets/similar", &asked).await.expect(200).ids(), [two]);
    }

    async fn nobody_is_told_of_what_they_may_not_see(app: TestApp) {
        let (ana, luis, tech, admin) = (app.user().await, app.user().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Nómina equivocada").await;
        assert_eq!(similar(&ana, "nómina equivocada").await, [ticket]);
        assert!(similar(&luis, "nómina equivocada").await.is_empty());
        assert_eq!(similar(&tech, "nómina equivocada").await, [ticket]);
        app.give(ticket, &admin).await;
        assert!(similar(&tech, "nómina equivocada").await.is_empty());
        assert_eq!(similar(&admin, "nómina equivocada").await, [ticket]);
        app.invite(ticket, &luis).await;
        assert_eq!(similar(&luis, "nómina equivocada").await, [ticket]);
        // What a note says is nobody's title.
        let note = json!({ "body": "fraude probable", "visibility": "internal" });
        admin.post(&format!("/tickets/{ticket}/comments"), note).await.expect(201);
        assert!(similar(&ana, "fraude probable").await.is_empty());
    }

    async fn a_few_are_named_and_no_more(app: TestApp) {
        let ana = app.user().await;
        for _ in 0..5 {
            app.ticket(&ana, "Ratón inalámbrico").await;
        }
        assert_eq!(similar(&ana, "ratón inalámbrico").await.len(), 3);
        let of = async |limit: &str| {
            ana.list("/tickets/similar", &[("title", "ratón inalámbrico"), ("limit", limit)]).await
        };
        assert_eq!(of("5").await.expect(200).ids().len(), 5);
        for limit in ["0", "11", "x"] {
            of(limit).await.expect(400).problem("malformed_parameter");
        }
        let long = "x".repeat(201);
        for title in [long.as_str(), "a\0b"] {
            ana.list("/tickets/similar", &[("title", title)]).await.expect(400).problem("malformed_parameter");
        }
    }

    async fn looking_while_one_writes_keeps_no_session_alive(app: TestApp) {
        let ana = app.user().await;
        let expires = async || ana.get("/session").await.expect(200)["expires_at"].clone();
        let before = expires().await;
        similar(&ana.in_background(), "ratón inalámbrico").await;
        assert_eq!(expires().await, before);
    }
}
