//! Who is there, beside the stream.

use shared::{live::Presence, page::Page, tickets::PageQuery};

use super::{ClientError, get_background, with_query};

/// The most pages that are read: of a desk with more people, the rest are told by the stream as they come and go.
const PAGES: usize = 5;
/// How many people there are on one.
const EACH: u32 = 100;

/// Whether everybody whom the person may write to is there, and when they were.
pub async fn presences() -> Result<Vec<Presence>, ClientError> {
    let (mut all, mut cursor) = (Vec::new(), None);
    for _ in 0..PAGES {
        let query = PageQuery { limit: Some(EACH), cursor };
        let page: Page<Presence> = get_background(&with_query("/presence", &query)).await?;
        all.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    Ok(all)
}
