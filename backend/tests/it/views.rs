//! `/views`: lists under a name, and what waits for whom.

use serde_json::{Value, json};

use crate::support::{Client, ids};

async fn keep(who: &Client, name: &str, filters: Value, shared: bool) -> i64 {
    who.post("/views", json!({ "name": name, "filters": filters, "shared": shared })).await.expect(201).id()
}

async fn names(who: &Client) -> Vec<String> {
    let list = who.get("/views").await.expect(200);
    list.items().iter().map(|view| view["name"].as_str().unwrap().to_owned()).collect()
}

/// How many tickets a caller is told that a built-in view has.
async fn built_in(who: &Client, view: &str) -> i64 {
    let counts = who.get("/views/counts").await.expect(200);
    let all = counts["built_in"].as_array().unwrap();
    all.iter().find(|count| count["view"] == view).unwrap()["count"].as_i64().unwrap()
}

async fn waiting(who: &Client) -> Vec<i64> {
    let list = who.list("/tickets", &[("waiting_for", "me"), ("sort", "created_at")]).await.expect(200).ids();
    assert_eq!(built_in(who, "waiting").await, i64::try_from(list.len()).unwrap());
    list
}

async fn say(who: &Client, ticket: i64, visibility: &str) {
    let body = json!({ "body": "…", "visibility": visibility });
    who.post(&format!("/tickets/{ticket}/comments"), body).await.expect(201);
}

async fn go(who: &Client, ticket: i64, status: &str) {
    let path = format!("/tickets/{ticket}");
    let version = who.get(&path).await.expect(200)["version"].clone();
    who.patch(&path, json!({ "version": version, "status": status })).await.expect(200);
}

/// What anybody is told that a kept view has is what they find when they list it.
async fn counts_are_what_is_listed(people: &[&Client]) {
    for person in people {
        let counts = person.get("/views/counts").await.expect(200);
        let views = person.get("/views").await.expect(200);
        let counted = counts["views"].as_array().unwrap();
        assert_eq!(ids(counted), views.ids());
        for (view, count) in views.items().iter().zip(counted) {
            let mut query: Vec<(&str, &str)> = vec![("limit", "100")];
            let filters = view["filters"].as_object().unwrap();
            let words: Vec<(&String, String)> = filters
                .iter()
                .map(|(name, value)| (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
                .collect();
            query.extend(words.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            let listed = person.list("/tickets", &query).await.expect(200).items().len();
            assert_eq!(count["count"], listed, "{} {}", person.name, view["name"]);
        }
    }
}

on_each_database! {
    async fn a_person_keeps_renames_and_deletes_a_view(app: TestApp) {
        let ana = app.user().await;
        assert_eq!(names(&ana).await, [""; 0]);
        let filters = json!({ "status": "open,waiting", "q": "tóner", "sort": "-priority" });
        let made = ana.post("/views", json!({ "name": " Mi tóner ", "filters": filters })).await.expect(201);
        assert_eq!((&made["name"], &made["filters"], &made["shared"]), (&"Mi tóner".into(), &filters, &false.into()));
        assert_eq!((&made["owner"]["id"], &made["editable"]), (&ana.id.into(), &true.into()));
        assert_eq!(ana.get("/views").await.expect(200).items()[0], made.json);
        let path = format!("/views/{}", made.id());
        let changed = ana.patch(&path, json!({ "name": "Otra" })).await.expect(200);
        assert_eq!((&changed["name"], &changed["filters"]), (&"Otra".into(), &filters));
        // What a view was kept with comes back as it was: a number as one, and none by its word.
        for filters in [
            json!({ "category_id": 3, "closed_after": "2026-01-01T00:00:00Z" }),
            json!({ "category_id": "none", "closed_before": "2026-01-01T00:00:00Z" }),
        ] {
            let kept = ana.post("/views", json!({ "name": "x", "filters": filters })).await.expect(201);
            assert_eq!(kept["filters"], filters);
            ana.delete(&format!("/views/{}", kept.id())).await.expect(204);
        }
        let narrowed = ana.patch(&path, json!({ "filters": { "priority": "urgent" } })).await.expect(200);
        assert_eq!((&narrowed["name"], &narrowed["filters"]), (&"Otra".into(), &json!({ "priority": "urgent" })));
        let before = app.stored().await;
        ana.patch(&path, json!({})).await.expect(200);
        assert_eq!(app.stored().await, before, "nothing changed, so nothing is told");
        ana.delete(&path).await.expect(204);
        ana.delete(&path).await.expect(404).problem("not_found");
        let told = "SELECT COUNT(*) AS n FROM events WHERE kind IN ('view_created', 'view_updated', 'view_deleted')";
        assert_eq!(app.number(told).await, 8);
    }

    async fn what_no_list_could_show_is_not_kept(app: TestApp) {
        let tech = app.technician().await;
        let before = app.stored().await;
        for name in ["", "  ", "a\nb"] {
            let code = if name == "a\nb" { "invalid_characters" } else { "required" };
            tech.post("/views", json!({ "name": name, "filters": {} })).await.refuses("name", code);
        }
        tech.post("/views", json!({ "name": "x".repeat(61), "filters": {} })).await.refuses("name", "too_long");
        let long = json!({ "name": "x", "filters": { "q": "x".repeat(201) } });
        tech.post("/views", long).await.refuses("filters.q", "too_long");
        tech.post("/views", json!({ "name": "x", "filters": { "q": "a\0b" } })).await.refuses("filters.q", "invalid_characters");
        for filters in [
            json!({ "status": "lost" }),
            json!({ "status": ["open"] }),
            json!({ "priority": "soon" }),
            json!({ "category_id": "Hardware" }),
            json!({ "assignee_id": "everyone" }),
            json!({ "waiting_for": "you" }),
            json!({ "sort": "title" }),
            json!({ "created_after": "yesterday" }),
            json!({ "closed_after": "yesterday" }),
            json!({ "category_id": 1.5 }),
            json!({ "limit": 5 }),
            json!({ "cursor": "x" }),
            json!(null),
        ] {
            let body = json!({ "name": "x", "filters": filters });
            tech.post("/views", body).await.expect(400).problem("malformed_body");
        }
        assert_eq!(app.stored().await, before);
        tech.post("/views", json!({ "name": "ñ".repeat(60), "filters": {} })).await.expect(201);
    }

    async fn a_person_keeps_fifty_at_most(app: TestApp) {
        let (ana, luis) = (app.user().await, app.user().await);
        let mut sql = Vec::new();
        for n in 0..49 {
            sql.push(format!(
                "INSERT INTO saved_views (user_id, shared, created_at, name, filters) VALUES ({}, FALSE, 0, 'v{n}', '{{}}')",
                ana.id
            ));
        }
        app.sql(&sql.join("; ")).await;
        let last = keep(&ana, "La última", json!({}), false).await;
        ana.post("/views", json!({ "name": "x", "filters": {} })).await.expect(409).problem("limit_reached");
        ana.delete(&format!("/views/{last}")).await.expect(204);
        keep(&ana, "Otra", json!({}), false).await;
        keep(&luis, "La mía", json!({}), false).await;
    }

    async fn staff_share_with_staff_and_everybody_finds_what_they_may_see(app: TestApp) {
        let (admin, tech, other) = (app.admin().await, app.technician().await, app.technician().await);
        let (ana, luis) = (app.user().await, app.user().await);
        let printer = app.ticket_like(&ana, json!({ "title": "Impresora", "priority": "urgent" })).await.id();
        let given = app.ticket_like(&luis, json!({ "title": "Ratón", "priority": "urgent" })).await.id();
        app.give(given, &tech).await;
        let urgent = keep(&tech, "Urgentes", json!({ "priority": "urgent" }), true).await;
        keep(&tech, "Mías", json!({ "assignee_id": "me" }), true).await;
        keep(&tech, "Lo mío", json!({}), false).await;
        keep(&ana, "De Ana", json!({ "category_id": "none" }), false).await;
        ana.post("/views", json!({ "name": "x", "filters": {}, "shared": true })).await.expect(403).problem("forbidden");
        assert_eq!(names(&tech).await, ["Urgentes", "Mías", "Lo mío"]);
        assert_eq!(names(&other).await, ["Urgentes", "Mías"]);
        assert_eq!(names(&admin).await, ["Urgentes", "Mías"]);
        assert_eq!(names(&ana).await, ["De Ana"]);
        assert_eq!(names(&luis).await, [""; 0]);
        counts_are_what_is_listed(&[&admin, &tech, &other, &ana, &luis]).await;
        // `me` is whoever looks.
        let mine = async |who: &Client| who.get("/views/counts").await.expect(200)["views"][1]["count"].clone();
        assert_eq!((mine(&tech).await, mine(&other).await), (json!(1), json!(0)));
        assert_eq!(other.list("/tickets", &[("priority", "urgent")]).await.expect(200).ids(), [printer]);
        // Others see it and leave it alone; an administrator may change it, and a private one is not even there.
        let path = format!("/views/{urgent}");
        other.patch(&path, json!({ "name": "x" })).await.expect(403).problem("forbidden");
        other.delete(&path).await.expect(403).problem("forbidden");
        luis.patch(&path, json!({ "name": "x" })).await.expect(404).problem("not_found");
        let views = other.get("/views").await.expect(200);
        assert_eq!((&views.items()[0]["editable"], &views.items()[0]["owner"]["id"]), (&false.into(), &tech.id.into()));
        assert_eq!(admin.patch(&path, json!({ "name": "Ya" })).await.expect(200)["owner"]["id"], tech.id);
        // Whoever is no longer on staff shares nothing any more, but keeps what is theirs.
        admin.patch(&format!("/users/{}", tech.id), json!({ "role": "user" })).await.expect(200);
        assert_eq!(names(&other).await, [""; 0]);
        assert_eq!(names(&tech).await, ["Ya", "Mías", "Lo mío"]);
        admin.patch(&path, json!({ "name": "x" })).await.expect(404).problem("not_found");
        tech.patch(&path, json!({ "name": "x" })).await.expect(403).problem("forbidden");
        tech.patch(&path, json!({ "name": "x", "shared": false })).await.expect(200);
    }

    async fn built_in_views_count_no_further_than_a_hundred(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        for view in ["unfinished", "unassigned"] {
            assert_eq!(built_in(&tech, view).await, 1);
        }
        assert_eq!((built_in(&tech, "mine").await, built_in(&tech, "urgent").await), (0, 0));
        go(&tech, ticket, "closed").await;
        assert_eq!(built_in(&tech, "unfinished").await, 0);
        let row = |n: i64| format!("({n}, 0, 3, {}, 1, {n}, {n}, 'x', 'x', 'x')", ana.id);
        let rows: Vec<String> = (5_000..5_120).map(row).collect();
        app.sql(&format!(
            "INSERT INTO tickets (id, status, priority, requester_id, version, created_at, updated_at, title, title_folded, \
             description) VALUES {}",
            rows.join(", ")
        ))
        .await;
        assert_eq!((built_in(&tech, "urgent").await, built_in(&ana, "unfinished").await), (100, 100));
    }

    async fn a_ticket_waits_for_whoever_has_to_answer(app: TestApp) {
        let (admin, ana, luis) = (app.admin().await, app.user().await, app.user().await);
        let (tech, other) = (app.technician().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        // Nobody has it yet, so it waits for nobody in particular.
        for person in [&admin, &tech, &ana] {
            assert_eq!(waiting(person).await, [0; 0]);
        }
        app.give(ticket, &tech).await;
        app.invite(ticket, &luis).await;
        assert_eq!((waiting(&tech).await, waiting(&other).await, waiting(&admin).await), (vec![ticket], vec![], vec![]));
        // A note is no answer; an answer is, whoever on staff gives it.
        say(&tech, ticket, "internal").await;
        assert_eq!(waiting(&tech).await, [ticket]);
        say(&admin, ticket, "public").await;
        assert_eq!(waiting(&tech).await, [0; 0]);
        say(&luis, ticket, "public").await;
        assert_eq!(waiting(&tech).await, [ticket]);
        tech.attach(ticket, &[("a.txt", b"hola")]).await.expect(201);
        assert_eq!(waiting(&tech).await, [0; 0]);
        ana.attach(ticket, &[("a.txt", b"hola")]).await.expect(201);
        assert_eq!(waiting(&tech).await, [ticket]);
        // An edit of it, or of what was said, is no word.
        ana.patch(&format!("/tickets/{ticket}"), json!({ "version": 1, "title": "Teclado" })).await.expect(200);
        assert_eq!(waiting(&tech).await, [ticket]);
        for narrower in [("status", "closed"), ("assignee_id", "none")] {
            let none = tech.list("/tickets", &[("waiting_for", "me"), narrower]).await.expect(200);
            assert_eq!(none.ids(), [0; 0]);
        }
        // For who has the problem it waits while staff says so.
        say(&tech, ticket, "public").await;
        assert_eq!(waiting(&ana).await, [0; 0]);
        go(&tech, ticket, "waiting").await;
        assert_eq!((waiting(&ana).await, waiting(&luis).await, waiting(&tech).await), (vec![ticket], vec![], vec![]));
        say(&ana, ticket, "public").await;
        go(&tech, ticket, "closed").await;
        assert_eq!((waiting(&ana).await, waiting(&tech).await), (vec![], vec![]));
        ana.list("/tickets", &[("waiting_for", "you")]).await.expect(400).problem("malformed_parameter");
    }

    async fn what_waits_is_read_page_by_page_in_every_order(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let mut all = Vec::new();
        for n in 0..7 {
            let ticket = app.ticket(&ana, &format!("Aviso {n}")).await;
            app.give(ticket, &tech).await;
            if n % 3 == 0 {
                say(&tech, ticket, "public").await;
            } else {
                all.push(ticket);
            }
            if n % 2 == 0 {
                go(&tech, ticket, "in_progress").await;
            }
        }
        for sort in ["created_at", "-created_at", "updated_at", "-priority"] {
            let mut paged = ids(&tech.pages("/tickets", &[("waiting_for", "me"), ("sort", sort)], 2).await);
            if sort == "-created_at" {
                assert!(paged.is_sorted_by(|one, next| one > next));
            }
            paged.sort_unstable();
            assert_eq!(paged, all, "{sort}");
        }
    }
}
