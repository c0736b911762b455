//! Turno's page: a Leptos program that runs in the browser.
//!
//! [`api`] speaks to the server, [`session`] knows who is logged in and until when, [`ui`] holds the components every
//! page is made of, and each domain has a folder with its pages.

pub mod about;
pub mod api;
pub mod app;
pub mod attachments;
pub mod audit;
mod beside;
pub mod brand;
pub mod browser;
mod builds;
pub mod categories;
pub mod chat;
pub mod commands;
pub mod dashboard;
pub mod desk;
pub mod drafts;
#[cfg(debug_assertions)]
mod gallery;
mod hand_on;
pub mod i18n;
pub mod lasting;
mod leaving;
pub mod live;
pub mod lock;
pub mod login;
pub mod mail;
pub mod moves;
pub mod not_found;
pub mod notifications;
mod pages;
pub mod password_links;
pub mod people;
pub mod prefs;
pub mod profile;
pub mod replies;
pub mod search;
pub mod session;
pub mod settings;
pub mod shell;
pub mod tickets;
pub mod time;
mod turn;
pub mod ui;
pub mod unread;
pub mod update;
pub mod views;
pub mod vortex;
mod words;
