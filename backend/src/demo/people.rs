//! The people of a demo desk.

use std::collections::HashSet;

use shared::accounts::{Locale, Role};

use super::{
    calendar::{Calendar, DAY},
    dice::Dice,
};
use crate::text::fold;

const SPANISH: (&[&str], &[&str]) = (
    &[
        "Lucía",
        "Martín",
        "Sofía",
        "Hugo",
        "María",
        "Mateo",
        "Paula",
        "Leo",
        "Daniela",
        "Álvaro",
        "Carmen",
        "Pablo",
        "Valeria",
        "Adrián",
        "Elena",
        "Diego",
        "Alba",
        "Sergio",
        "Noa",
        "Javier",
        "Irene",
        "Marcos",
        "Julia",
        "Iker",
        "Marta",
        "Óscar",
        "Nerea",
        "Raúl",
        "Rocío",
        "Guillermo",
        "Pilar",
        "Jordi",
        "Ainhoa",
        "Xavier",
        "Inés",
        "Nacho",
        "Begoña",
        "Iñaki",
        "Montserrat",
        "Vicente",
    ],
    &[
        "García",
        "Rodríguez",
        "Fernández",
        "López",
        "Martínez",
        "Sánchez",
        "Pérez",
        "Gómez",
        "Ruiz",
        "Hernández",
        "Jiménez",
        "Díaz",
        "Moreno",
        "Muñoz",
        "Álvarez",
        "Romero",
        "Alonso",
        "Gutiérrez",
        "Navarro",
        "Torres",
        "Domínguez",
        "Vázquez",
        "Ramos",
        "Gil",
        "Ramírez",
        "Serrano",
        "Blanco",
        "Molina",
        "Morales",
        "Suárez",
        "Ortega",
        "Delgado",
        "Castro",
        "Ortiz",
        "Rubio",
        "Marín",
        "Sanz",
        "Núñez",
        "Iglesias",
        "Medina",
        "Garrido",
        "Cortés",
        "Castillo",
        "Santos",
        "Lozano",
        "Guerrero",
        "Cano",
        "Prieto",
        "Méndez",
        "Cruz",
        "Calvo",
        "Gallego",
        "Vidal",
        "León",
        "Ibáñez",
        "Etxeberria",
        "Puig",
        "Ferrer",
        "Peña",
        "Cabrera",
    ],
);

const ENGLISH: (&[&str], &[&str]) = (
    &[
        "Olivia", "Noah", "Amelia", "George", "Isla", "Arthur", "Ava", "Freddie", "Grace", "Theo", "Freya", "Oscar",
        "Emily", "Archie", "Zara", "Henry", "Priya", "Samuel", "Aisha", "Daniel", "Chloe", "Ethan", "Niamh", "Rory",
    ],
    &[
        "Smith", "Jones", "Taylor", "Brown", "Williams", "Wilson", "Johnson", "Davies", "Patel", "Robinson", "Wright",
        "Thompson", "Evans", "Walker", "White", "Roberts", "Green", "Hall", "Wood", "Clarke", "Hughes", "Murphy",
        "O'Connor", "Khan", "Campbell", "Stewart", "Morgan", "Cooper",
    ],
);

/// Who administers a demo desk.
const ADMINS: usize = 2;

/// A person.
#[derive(Debug, Clone)]
pub struct Person {
    /// The name to log in with.
    pub username: String,
    /// The name as people say it.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// In what language they write.
    pub locale: Locale,
    /// Whether they can still log in.
    pub active: bool,
    /// When their account was made.
    pub since: i64,
    /// When they were last seen.
    pub seen: Option<i64>,
}

/// Everybody: administrators, then technicians, then those who have problems.
#[derive(Debug)]
pub struct People {
    /// In that order.
    pub all: Vec<Person>,
    admins: usize,
    technicians: usize,
}

impl People {
    /// As many people as so many tickets need: one for forty, but at least twelve and at most 5,000, and a technician
    /// for ten of them, from three to twelve. Nobody is called like one of `taken` (folded user names).
    pub fn new(seed: u64, tickets: u64, calendar: &Calendar, taken: &HashSet<String>) -> Self {
        let users = usize::try_from(tickets / 40).unwrap_or(usize::MAX).clamp(12, 5_000);
        let technicians = (users / 10).clamp(3, 12);
        let mut used = taken.clone();
        let roles = std::iter::repeat_n(Role::Admin, ADMINS)
            .chain(std::iter::repeat_n(Role::Technician, technicians))
            .chain(std::iter::repeat_n(Role::User, users));
        let all = (0..).zip(roles).map(|(number, role)| person(seed, number, role, calendar, &mut used)).collect();
        Self { all, admins: ADMINS, technicians }
    }

    /// The same without anybody who administers: those are technicians.
    #[must_use]
    pub fn without_administrators(mut self) -> Self {
        for person in self.all.iter_mut().filter(|person| person.role == Role::Admin) {
            person.role = Role::Technician;
        }
        self
    }

    /// One of them.
    pub fn get(&self, place: usize) -> Option<&Person> {
        self.all.get(place)
    }

    /// An administrator.
    pub fn admin(&self, dice: &mut Dice) -> usize {
        dice.place(self.admins)
    }

    /// A technician.
    pub fn technician(&self, dice: &mut Dice) -> usize {
        self.admins + dice.place(self.technicians)
    }

    /// Somebody with a problem. Some have more of them than others.
    pub fn requester(&self, dice: &mut Dice) -> usize {
        let users = self.all.len() - self.admins - self.technicians;
        self.admins + self.technicians + dice.place(users).min(dice.place(users))
    }

    /// The first of a role who can log in and writes in Spanish, as most do.
    pub fn first(&self, role: Role) -> Option<&Person> {
        let mut of_role = self.all.iter().filter(|person| person.role == role && person.active);
        of_role.clone().find(|person| person.locale == Locale::Es).or_else(|| of_role.next())
    }
}

fn person(seed: u64, number: u64, role: Role, calendar: &Calendar, used: &mut HashSet<String>) -> Person {
    let mut dice = Dice::new(seed, super::kind::PERSON, number);
    let locale = if role == Role::User && dice.chance(30) { Locale::En } else { Locale::Es };
    let (first, last) = if locale == Locale::Es { SPANISH } else { ENGLISH };
    let mut part = |from: &[&'static str]| dice.pick(from).copied().unwrap_or_default();
    let (first, last, second) = (part(first), part(last), part(last));
    let name = if locale == Locale::Es { format!("{first} {last} {second}") } else { format!("{first} {last}") };
    let base: String = format!("{}.{}", fold(first), fold(last)).replace([' ', '\''], "");
    let mut username = base.clone();
    let mut twin = 1;
    while !used.insert(username.clone()) {
        twin += 1;
        username = format!("{base}{twin}");
    }
    let span = |dice: &mut Dice, days: i64| i64::try_from(dice.below((days * DAY).unsigned_abs())).unwrap_or(0);
    let since = calendar.start() - DAY - span(&mut dice, 60);
    let active = role != Role::User || number % 50 != 49;
    let last_seen = active.then(|| calendar.end - 1 - span(&mut dice, if role == Role::User { 20 } else { 1 }));
    Person { username, name, role, locale, active, since, seen: last_seen }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar() -> Calendar {
        Calendar::ending("2026-11-24T10:20:30Z".parse().unwrap())
    }

    #[test]
    fn as_many_as_the_tickets_need() {
        for (tickets, users, technicians) in [(1, 12, 3), (2_000, 50, 5), (100_000, 2_500, 12), (1_000_000, 5_000, 12)]
        {
            let people = People::new(1, tickets, &calendar(), &HashSet::new());
            assert_eq!(people.all.iter().filter(|person| person.role == Role::User).count(), users);
            assert_eq!(people.all.iter().filter(|person| person.role == Role::Technician).count(), technicians);
        }
    }

    #[test]
    fn nobody_has_anothers_user_name() {
        let none = HashSet::new();
        let first = People::new(1, 100_000, &calendar(), &none);
        let taken: HashSet<String> = first.all.iter().map(|person| person.username.clone()).collect();
        assert_eq!(taken.len(), first.all.len());
        let second = People::new(1, 100_000, &calendar(), &taken);
        assert!(second.all.iter().all(|person| !taken.contains(&person.username)));
        for person in &first.all {
            assert!(shared::fields::username(&person.username, &()).is_ok(), "{}", person.username);
            assert_eq!(fold(&person.username), person.username);
        }
        for role in [Role::Admin, Role::Technician, Role::User] {
            assert!(first.first(role).unwrap().active);
        }
    }
}
