//! `GET /tickets`: what a person sees, narrowed, ordered, page by page.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use shared::{permissions::TechnicianScope, tickets::TicketSort};

use crate::support::{Client, TestApp, ids};

/// A desk with tickets of every kind, some of which share their moments.
struct Desk {
    admin: Client,
    tech: Client,
    other_tech: Client,
    ana: Client,
    luis: Client,
    categories: Vec<i64>,
}

const PRIORITIES: [&str; 4] = ["low", "medium", "high", "urgent"];
const STATUSES: [&str; 4] = ["open", "in_progress", "waiting", "closed"];

impl Desk {
    async fn new(app: &TestApp) -> Self {
        let desk = Self {
            admin: app.admin().await,
            tech: app.technician().await,
            other_tech: app.technician().await,
            ana: app.user().await,
            luis: app.user().await,
            categories: app.numbers("SELECT id AS n FROM categories ORDER BY id").await,
        };
        for n in 0..28_usize {
            let requester = match n % 7 {
                0 | 1 | 4 => &desk.ana,
                2 | 3 | 5 => &desk.luis,
                _ => &desk.tech,
            };
            let ticket = app.ticket(requester, &format!("Aviso número {n}")).await;
            let assignee = match n % 3 {
                0 => "NULL".to_owned(),
                1 => desk.tech.id.to_string(),
                _ => desk.other_tech.id.to_string(),
            };
            let category = match n % 4 {
                3 => "NULL".to_owned(),
                place => desk.categories[place].to_string(),
            };
            // Whole seconds, four tickets to each, so that the number has to break the tie.
            let created = 1_700_000_000_000_000_i64 + i64::try_from(n / 4).unwrap() * 1_000_000;
            let updated = 1_750_000_000_000_000_i64 + i64::try_from((n * 5) % 28 / 4).unwrap() * 1_000_000;
            let status = (n / 2) % 4;
            // They were closed in pairs, each of one moment, before their last activity.
            let closed = match status {
                3 => (1_740_000_000_000_000_i64 + i64::try_from(n / 8).unwrap() * 1_000_000).to_string(),
                _ => "NULL".to_owned(),
            };
            app.sql(&format!(
                "UPDATE tickets SET status = {status}, priority = {}, category_id = {category}, assignee_id = {assignee}, \
                 created_at = {created}, updated_at = {updated}, closed_at = {closed} WHERE id = {ticket}",
                (n / 3) % 4,
            ))
            .await;
            if n % 9 == 2 {
                app.invite(ticket, &desk.ana).await;
            }
            if n % 11 == 5 {
                app.invite(ticket, &desk.tech).await;
            }
        }
        desk
    }

    fn people(&self) -> [&Client; 5] {
        [&self.admin, &self.tech, &self.other_tech, &self.ana, &self.luis]
    }

    /// Every ticket, as the administrator sees it.
    async fn everything(&self) -> Vec<Value> {
        let all = self.admin.list("/tickets", &[("limit", "100")]).await.expect(200);
        assert_eq!(all.items().len(), 28);
        all.items().to_vec()
    }
}

fn moment(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

fn rank(words: &[&str], value: &Value) -> usize {
    words.iter().position(|word| value == word).unwrap()
}

/// The order the contract names, over answers.
fn compare(sort: TicketSort, one: &Value, other: &Value) -> Ordering {
    let number = |ticket: &Value| ticket["id"].as_i64().unwrap();
    let updated = |ticket: &Value| moment(&ticket["updated_at"]);
    let created = |ticket: &Value| moment(&ticket["created_at"]);
    let priority = |ticket: &Value| rank(&PRIORITIES, &ticket["priority"]);
    let ascending = match sort {
        TicketSort::UpdatedAsc | TicketSort::UpdatedDesc => updated(one).cmp(&updated(other)),
        TicketSort::CreatedAsc | TicketSort::CreatedDesc => created(one).cmp(&created(other)),
        TicketSort::PriorityAsc | TicketSort::PriorityDesc => {
            priority(one).cmp(&priority(other)).then(updated(one).cmp(&updated(other)))
        }
    }
    .then(number(one).cmp(&number(other)));
    if sort.is_descending() { ascending.reverse() } else { ascending }
}

/// Everyone's list in every order: what they may see, sorted, and the same when read two at a time.
async fn everyone_reads_the_whole_list(app: &TestApp) {
    let desk = Desk::new(app).await;
    let everything = desk.everything().await;
    for person in desk.people() {
        // What can be read one by one is what is listed, no more and no less.
        let mut visible = Vec::new();
        for ticket in &everything {
            if person.get(&format!("/tickets/{}", ticket["id"])).await.status == 200 {
                let mut ticket = ticket.clone();
                // Nobody has written anything: new is what a person has been given and has not opened.
                ticket["unread"] = json!(ticket["assignee"]["id"] == person.id && ticket["status"] != "closed");
                visible.push(ticket);
            }
        }
        assert!(!visible.is_empty());
        for sort in TicketSort::ALL {
            visible.sort_by(|one, other| compare(sort, one, other));
            let whole = person.list("/tickets", &[("sort", sort.as_str()), ("limit", "100")]).await.expect(200);
            assert_eq!(whole.items(), visible, "{} {}", person.name, sort.as_str());
            assert_eq!(whole["next_cursor"], Value::Null);
            for limit in [2, 7] {
                let paged = person.pages("/tickets", &[("sort", sort.as_str())], limit).await;
                assert_eq!(ids(&paged), whole.ids(), "{} {} by {limit}", person.name, sort.as_str());
            }
        }
        let unsorted = person.list("/tickets", &[("limit", "100")]).await.expect(200);
        let latest = person.list("/tickets", &[("sort", "-updated_at"), ("limit", "100")]).await.expect(200);
        assert_eq!(unsorted.ids(), latest.ids());
    }
}

on_each_database! {
    async fn everyone_sees_their_own_list_in_every_order(app: TestApp) {
        everyone_reads_the_whole_list(&app).await;
    }

    settings(|config| config.technician_scope = TechnicianScope::Assigned)
    async fn with_the_scope_assigned_too(app: TestApp) {
        everyone_reads_the_whole_list(&app).await;
    }

    settings(|config| config.technician_scope = TechnicianScope::All)
    async fn with_the_scope_all_too(app: TestApp) {
        everyone_reads_the_whole_list(&app).await;
    }

    async fn every_filter_narrows(app: TestApp) {
        let desk = Desk::new(&app).await;
        let (tech, other, ana) = (desk.tech.id.to_string(), desk.other_tech.id.to_string(), desk.ana.id.to_string());
        let (first, second) = (desk.categories[0].to_string(), desk.categories[1].to_string());
        let filters: Vec<Vec<(&str, &str)>> = vec![
            vec![("status", "open")],
            vec![("status", "closed")],
            vec![("status", "waiting,open")],
            vec![("status", "open,in_progress,waiting,closed")],
            vec![("priority", "urgent")],
            vec![("category_id", &first)],
            vec![("category_id", "999999")],
            vec![("category_id", "none")],
            vec![("category_id", "none"), ("status", "open,waiting"), ("assignee_id", "none")],
            vec![("assignee_id", "me")],
            vec![("assignee_id", "none")],
            vec![("assignee_id", &tech)],
            vec![("assignee_id", &other)],
            vec![("assignee_id", "999999")],
            vec![("requester_id", &ana)],
            vec![("requester_id", &tech)],
            vec![("created_after", "2023-11-14T22:13:22Z")],
            vec![("created_before", "2023-11-14T22:13:22Z")],
            vec![("created_after", "2023-11-14T23:13:21+01:00"), ("created_before", "2023-11-14T22:13:23.5Z")],
            vec![("closed_after", "2025-02-19T21:20:01Z")],
            vec![("closed_before", "2025-02-19T21:20:02Z")],
            vec![("closed_after", "2025-02-19T22:20:01+01:00"), ("closed_before", "2025-02-19T21:20:02Z")],
            vec![("closed_after", "2025-02-19T21:20:00Z"), ("status", "open,closed"), ("category_id", "none")],
            vec![("closed_after", "2025-02-19T21:20:00Z"), ("status", "open")],
            vec![("closed_before", "2025-02-19T21:20:02Z"), ("waiting_for", "me")],
            vec![("status", "open,waiting"), ("assignee_id", "none"), ("priority", "high")],
            vec![("status", "in_progress"), ("category_id", &second)],
            vec![("assignee_id", "me"), ("requester_id", &ana)],
            vec![("assignee_id", "none"), ("requester_id", &ana), ("status", "open")],
            vec![("priority", "low"), ("created_after", "2023-11-14T22:13:21Z"), ("category_id", &first)],
            vec![("q", "NUMERO aviso"), ("priority", "medium")],
        ];
        for person in desk.people() {
            for sort in ["-updated_at", "created_at", "-priority"] {
                let whole = person.list("/tickets", &[("limit", "100"), ("sort", sort)]).await.expect(200);
                for filter in &filters {
                    let fits = |ticket: &&Value| {
                        filter.iter().all(|&(field, value)| match field {
                            "status" => value.is_empty() || value.split(',').any(|status| ticket["status"] == status),
                            "priority" => ticket["priority"] == value,
                            "category_id" if value == "none" => ticket["category_id"].is_null(),
                            "category_id" => ticket["category_id"].to_string() == value,
                            "assignee_id" if value == "none" => ticket["assignee"].is_null(),
                            "assignee_id" if value == "me" => ticket["assignee"]["id"] == person.id,
                            "assignee_id" => ticket["assignee"]["id"].to_string() == value,
                            "requester_id" => ticket["requester"]["id"].to_string() == value,
                            "created_after" => moment(&ticket["created_at"]) >= moment(&value.into()),
                            "created_before" => moment(&ticket["created_at"]) < moment(&value.into()),
                            // What is closed waits for nobody.
                            "waiting_for" => ticket["status"] != "closed",
                            "closed_after" | "closed_before" if ticket["closed_at"].is_null() => false,
                            "closed_after" => moment(&ticket["closed_at"]) >= moment(&value.into()),
                            "closed_before" => moment(&ticket["closed_at"]) < moment(&value.into()),
                            "q" => true,
                            other => panic!("{other}"),
                        })
                    };
                    let expected: Vec<i64> =
                        whole.items().iter().filter(fits).map(|ticket| ticket["id"].as_i64().unwrap()).collect();
                    let asked = [&filter[..], &[("sort", sort)]].concat();
                    let all = person.list("/tickets", &[&asked[..], &[("limit", "100")]].concat()).await.expect(200);
                    assert_eq!(all.ids(), expected, "{} {asked:?}", person.name);
                    if sort == "-updated_at" {
                        assert_eq!(ids(&person.pages("/tickets", &asked, 2).await), expected, "{} {asked:?}", person.name);
                    }
                }
            }
        }
    }

    async fn words_are_found_in_any_case_accents_and_order(app: TestApp) {
        let ana = app.user().await;
        let printer = app.ticket(&ana, "La Impresión sale en BLANCO").await;
        let discount = app.ticket(&ana, "Descuento del 100% no aplica").await;
        let name = app.ticket(&ana, "Fichero mi_informe.xlsx dañado!").await;
        let path = app.ticket(&ana, r"Ruta C:\temp\x perdida").await;
        let quote = app.ticket(&ana, "L'Hospitalet \"central\" 2024").await;
        let jam = json!({ "title": "Otra vez", "description": "Se **atasca** el papel" });
        let jam = ana.post("/tickets", jam).await.expect(201)["id"].as_i64().unwrap();
        let all = [jam, quote, path, name, discount, printer];
        let found = async |q: &str| ana.list("/tickets", &[("q", q)]).await.expect(200).ids();
        for (q, expected) in [
            ("impresion", vec![printer]),
            ("IMPRESIÓN", vec![printer]),
            ("blanco impresio", vec![printer]),
            ("blanco discount", vec![]),
            ("100%", vec![discount]),
            ("informe", vec![name]),
            ("mi_informe.xlsx", vec![name]),
            ("danado!", vec![name]),
            (r"c:\TEMP\x", vec![path]),
            ("l'hospitalet", vec![quote]),
            ("hospitalet", vec![quote]),
            ("\"central\"", vec![quote]),
            ("sale en", vec![printer]),
            // The description counts as well, and what no word can be looks for nothing.
            ("atasca", vec![jam]),
            ("%", vec![]),
            ("_", vec![]),
            ("\"", vec![]),
            ("NEAR(", vec![]),
            ("blanco OR central", vec![]),
            ("-blanco", vec![printer]),
            ("   ", all.to_vec()),
            ("", all.to_vec()),
            ("%%", vec![]),
            ("ﷺ", vec![]),
            ("№ ™", vec![]),
        ] {
            assert_eq!(found(q).await, expected, "{q:?}");
        }
        // A number is a ticket's; without its sign it is a word as well.
        assert!(found(&discount.to_string()).await.contains(&discount));
        assert_eq!(found("2024").await, [quote]);
        assert_eq!(found(&format!("#{discount}")).await, [discount]);
        assert_eq!(found(&format!(" #{discount} ")).await, [discount]);
        for nobodys in ["#0", "999999", "#-1", "9223372036854775807", "9223372036854775808", "#"] {
            assert_eq!(found(nobodys).await, [0; 0], "{nobodys}");
        }
        // Beside words it is where they are looked for.
        assert_eq!(found(&format!("#{printer} blanco")).await, [printer]);
        assert_eq!(found(&format!("blanco #{discount}")).await, [0; 0]);
        // An edited title is found by its new words.
        ana.patch(&format!("/tickets/{printer}"), json!({ "version": 1, "title": "Tóner agotado" })).await.expect(200);
        assert_eq!(found("toner").await, [printer]);
        assert_eq!(found("blanco").await, [0; 0]);
    }

    async fn filters_in_the_text_narrow_like_those_beside(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let [open, urgent, closed] = app.three_keyboards(&ana, &admin).await;
        let listed = async |q: &str, rest: &[(&str, &str)]| {
            admin.list("/tickets", &[rest, &[("q", q), ("sort", "created_at")]].concat()).await.expect(200).ids()
        };
        for (q, rest, expected) in [
            ("status:closed", &[][..], vec![closed]),
            ("estado:abierto teclado", &[], vec![open, urgent]),
            ("tecl asignado:nadie estado:abierto,abierto", &[], vec![open]),
            ("assignee:me", &[], vec![urgent]),
            ("priority:urgent,low", &[], vec![urgent]),
            ("prioridad:urgente,media", &[], vec![open, urgent, closed]),
            // Both count, and may leave nothing.
            ("estado:abierto,cerrado", &[("status", "closed,waiting")], vec![closed]),
            ("estado:abierto", &[("status", "closed")], vec![]),
            ("assignee:me", &[("assignee_id", "none")], vec![]),
            ("priority:urgent", &[("priority", "urgent")], vec![urgent]),
            ("priority:urgent", &[("priority", "medium")], vec![]),
            // What is no filter is words.
            ("estado:perdido", &[], vec![]),
            ("estado:abierto %", &[], vec![open, urgent]),
        ] {
            assert_eq!(listed(q, rest).await, expected, "{q} {rest:?}");
        }
        let number = format!("#{closed}");
        assert_eq!(listed(&number, &[]).await, [closed]);
        assert_eq!(listed(&format!("{number} estado:abierto"), &[]).await, [0; 0]);
        let pages = admin.pages("/tickets", &[("q", "prioridad:urgente,media")], 2).await;
        assert_eq!(pages.len(), 3);
    }

    async fn nobody_finds_what_they_may_not_see(app: TestApp) {
        let (ana, luis, tech, other) =
            (app.user().await, app.user().await, app.technician().await, app.technician().await);
        let secret = app.ticket(&ana, "Nómina confidencial").await;
        app.give(secret, &other).await;
        let note = json!({ "body": "Sospechoso habitual", "visibility": "internal" });
        other.post(&format!("/tickets/{secret}/comments"), note).await.expect(201);
        let number = secret.to_string();
        let owner = ana.id.to_string();
        for stranger in [&luis, &tech] {
            for parameters in [
                vec![],
                vec![("q", "confidencial")],
                vec![("q", number.as_str())],
                vec![("requester_id", owner.as_str())],
                vec![("status", "open")],
                vec![("sort", "-priority")],
            ] {
                assert_eq!(stranger.list("/tickets", &parameters).await.expect(200).ids(), [0; 0], "{parameters:?}");
            }
        }
        // Nor does the owner find it by the words of a note.
        assert_eq!(ana.list("/tickets", &[("q", "sospechoso")]).await.expect(200).ids(), [0; 0]);
        assert_eq!(ana.list("/tickets", &[("q", "nomina")]).await.expect(200).ids(), [secret]);
        assert!(!ana.get("/tickets").await.text.contains("Sospechoso"));
    }

    async fn a_page_has_25_tickets_unless_told(app: TestApp) {
        let ana = app.user().await;
        for n in 0..26 {
            app.ticket(&ana, &format!("Aviso {n}")).await;
        }
        let page = ana.get("/tickets").await.expect(200);
        assert_eq!(page.items().len(), 25);
        assert!(page["next_cursor"].is_string());
        let exact = ana.list("/tickets", &[("limit", "26")]).await.expect(200);
        assert_eq!((exact.items().len(), &exact["next_cursor"]), (26, &Value::Null));
        assert!(exact.items().iter().all(|ticket| STATUSES.iter().any(|status| ticket["status"] == *status)));
        // A list has no texts, as the document says.
        assert!(exact.items().iter().all(|ticket| ticket.get("description").is_none()));
    }

    /// What is opened or answered while somebody reads on does not make them read anything twice.
    async fn reading_on_while_tickets_come_in_repeats_nothing(app: TestApp) {
        let ana = app.user().await;
        let mut old = Vec::new();
        for n in 0..6 {
            old.push(app.ticket(&ana, &format!("Aviso {n}")).await);
        }
        let first = ana.list("/tickets", &[("limit", "3"), ("sort", "-created_at")]).await.expect(200);
        app.ticket(&ana, "Recién llegado").await;
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = ana.list("/tickets", &[("limit", "3"), ("sort", "-created_at"), ("cursor", cursor)]).await.expect(200);
        old.reverse();
        assert_eq!([first.ids(), second.ids()].concat(), old);
    }
}
