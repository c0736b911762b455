//! Reports: the list of tickets as a file.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::Locale,
    ids::UserId,
    tickets::{
        AssigneeFilter, CategoryFilter, Priority, StatusSet, TicketQuery, TicketSort, WaitingFor, filtered_like,
    },
};

/// The kinds of file a list can be had as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExportFormat {
    /// Comma-separated values (RFC 4180), in UTF-8 with a byte order mark.
    Csv,
    /// A workbook of Excel.
    Xlsx,
    /// A document to print.
    Pdf,
}

impl ExportFormat {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Xlsx, Self::Pdf];

    /// How a file's name ends, without the dot.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pdf => "application/pdf",
        }
    }
}

/// Which tickets to export, in which words (`GET /reports/tickets.*`): the list's filters, which all narrow, and its order. A
/// file has no pages: it takes neither `limit` nor `cursor`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct ExportQuery {
    /// One or more states, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, example = "open,in_progress"))]
    pub status: Option<StatusSet>,
    /// One priority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// A category's number, or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, example = "none"))]
    pub category_id: Option<CategoryFilter>,
    /// A person's number, `me`, or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, example = "me"))]
    pub assignee_id: Option<AssigneeFilter>,
    /// Who has the problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requester_id: Option<UserId>,
    /// Whose move it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub waiting_for: Option<WaitingFor>,
    /// What `list_tickets` takes as `q`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(max_length = 200))]
    pub q: Option<String>,
    /// Opened at or after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_after: Option<DateTime<Utc>>,
    /// Opened before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_before: Option<DateTime<Utc>>,
    /// Closed at or after, and not opened again since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_after: Option<DateTime<Utc>>,
    /// Closed before, and not opened again since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_before: Option<DateTime<Utc>>,
    /// The order; latest activity first unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub sort: Option<TicketSort>,
    /// The language of headings, states and priorities; the caller's own unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub locale: Option<Locale>,
    /// The time zone of moments in a workbook or a document, by its IANA name; UTC unless told. A CSV file is always in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(example = "Europe/Madrid"))]
    pub time_zone: Option<String>,
}

impl ExportQuery {
    /// The export of a list: the whole of it, whatever page is asked for.
    pub fn of(list: TicketQuery, locale: Option<Locale>, time_zone: Option<String>) -> Self {
        filtered_like!(list => Self { locale, time_zone })
    }

    /// The list that is exported.
    pub fn list(&self) -> TicketQuery {
        filtered_like!(self.clone() => TicketQuery { limit: None, cursor: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tickets::Status;

    #[test]
    fn an_export_has_every_filter_of_its_list() {
        let list = TicketQuery {
            status: Some(StatusSet(vec![Status::Open])),
            priority: Some(Priority::High),
            category_id: Some(CategoryFilter::NONE),
            assignee_id: Some(AssigneeFilter::Me),
            requester_id: Some(UserId(2)),
            waiting_for: Some(WaitingFor::Me),
            q: Some("x".to_owned()),
            created_after: Some(DateTime::UNIX_EPOCH),
            created_before: Some(DateTime::UNIX_EPOCH),
            closed_after: Some(DateTime::UNIX_EPOCH),
            closed_before: Some(DateTime::UNIX_EPOCH),
            sort: Some(TicketSort::CreatedAsc),
            limit: None,
            cursor: None,
        };
        let page = TicketQuery { limit: Some(1), cursor: Some("x".to_owned()), ..list.clone() };
        for asked in [list.clone(), page] {
            assert_eq!(ExportQuery::of(asked, None, None).list(), list);
        }
    }
}
