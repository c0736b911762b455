use super::{
    embed::Used,
    fonts::Face,
    text::{Block, Typesetter},
};

/// A title in every script that a desk may see, and the words of a line's end.
const SCRIPTS: [&str; 24] = [
    "La impresora del pasillo no imprime",
    "Việt Nam, Łódź, İstanbul, Ångström",
    "Принтер не печатает",
    "Ο εκτυπωτής δεν λειτουργεί",
    "الطابعة لا تعمل",
    "המדפסת לא עובדת",
    "打印机无法打印",
    "プリンターが動きません",
    "프린터가 작동하지 않습니다",
    "प्रिंटर काम नहीं कर रहा है",
    "প্রিন্টার কাজ করছে না",
    "પ્રિન્ટર કામ કરતું નથી",
    "ਪ੍ਰਿੰਟਰ ਕੰਮ ਨਹੀਂ ਕਰ ਰਿਹਾ",
    "அச்சுப்பொறி வேலை செய்யவில்லை",
    "ప్రింటర్ పనిచేయడం లేదు",
    "ಮುದ್ರಕ ಕೆಲಸ ಮಾಡುತ್ತಿಲ್ಲ",
    "പ്രിന്റർ പ്രവർത്തിക്കുന്നില്ല",
    "මුද්‍රණ යන්ත්‍රය ක්‍රියා නොකරයි",
    "เครื่องพิมพ์ไม่ทำงาน",
    "ម៉ាស៊ីនបោះពុម្ពមិនដំណើរការ",
    "პრინტერი არ მუშაობს Տպիչը չի աշխատում",
    "የማተሚያ ማሽን አይሰራም",
    "🖨️ 👩‍💻 🔥 ⚡ 1️⃣ 🇪🇸",
    "ᚠᚢᚦ ꯃꯤꯇꯩ 𐎠𐎡 𐌰 ⌘ ﷺ 〆",
];

/// What is written on the lines of a block, in reading order.
fn written(block: &Block) -> String {
    let line = |line: &super::text::TextLine| {
        let mut parts: Vec<&str> = line.runs.iter().map(|run| run.text.as_str()).collect();
        if block.rtl {
            parts.reverse();
        }
        parts.concat()
    };
    block.lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_script_has_its_glyphs() {
    let mut setter = Typesetter::new();
    for text in SCRIPTS {
        for bold in [false, true] {
            let block = setter.set(text, bold, 1_000.0).unwrap();
            assert_eq!(written(&block), text);
            for run in block.lines.iter().flat_map(|line| &line.runs) {
                let missing: Vec<_> = run.glyphs.iter().filter(|glyph| glyph.id == 0).collect();
                let name = setter.face(run.face).map(|face: &Face| face.name).unwrap();
                assert!(missing.is_empty(), "{name} lacks something of {:?}", run.text);
                assert!(run.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() > 0.0, "{text}");
            }
        }
    }
}

#[test]
fn what_is_no_character_is_marked_as_such() {
    let mut setter = Typesetter::new();
    let block = setter.set("a\u{E000}b\u{10FFFD}c\nd\te\u{0}f", false, 100.0).unwrap();
    assert_eq!(written(&block), "a\u{FFFD}b\u{FFFD}c d e f");
}

#[test]
fn of_many_marks_on_one_letter_a_few_stay() {
    let mut setter = Typesetter::new();
    let mut set = |text: &str| written(&setter.set(text, false, 1_000.0).unwrap());
    let few = format!("a{}b", "\u{301}".repeat(8));
    assert_eq!(set(&few), few);
    assert_eq!(set(&format!("a{}b", "\u{301}".repeat(190))), few);
    // A joiner between them begins no other letter, a letter does.
    let joined = set(&format!("a{}", "\u{301}\u{200D}".repeat(190)));
    assert_eq!(joined.matches('\u{301}').count(), 8);
    let two = format!("{few}{few}");
    assert_eq!(set(&two), two);
}

#[test]
fn marks_on_a_letter_do_not_change_what_the_letter_means() {
    let (mut setter, mut used) = (Typesetter::new(), Used::default());
    let mut tells = |text: &str| {
        let block = setter.set(text, false, 1_000.0).unwrap();
        let [run] = block.lines[0].runs.as_slice() else { panic!("more than one run of {text}") };
        used.run(run).1
    };
    // What stands in a run that does not tell it is said beside it.
    assert!(!tells("a\u{301}\u{301}\u{301}b"));
    assert!(!tells("g\u{301}\u{302}"));
    // Nor does what looks the same as another, like a space that ends no line.
    tells("uno\u{A0}dos");
    assert!(tells("Página 1 de 4"));
}

#[test]
fn words_from_right_to_left_stand_so() {
    let mut setter = Typesetter::new();
    let block = setter.set("שלום", false, 100.0).unwrap();
    assert!(block.rtl);
    let [run] = block.lines[0].runs.as_slice() else { panic!("more than one run") };
    let order: Vec<usize> = run.glyphs.iter().map(|glyph| glyph.cluster).collect();
    assert_eq!(order, [6, 4, 2, 0]);
    // A number inside is read from left to right, and stands to the left of what comes before it.
    let mixed = setter.set("קומה 37 שם", false, 100.0).unwrap();
    let parts: Vec<&str> =
        mixed.lines[0].runs.iter().map(|run| run.text.trim()).filter(|part| !part.is_empty()).collect();
    assert_eq!(parts, ["שם", "37", "קומה"]);
    // Letters join: the shapes in a word are not those of the letters alone.
    let glyphs = |setter: &mut Typesetter, text: &str| -> Vec<u16> {
        let block = setter.set(text, false, 100.0).unwrap();
        block.lines.iter().flat_map(|line| &line.runs).flat_map(|run| &run.glyphs).map(|glyph| glyph.id).collect()
    };
    let (word, letter) = (glyphs(&mut setter, "ببب"), glyphs(&mut setter, "ب"));
    assert!(word.iter().any(|glyph| !letter.contains(glyph)));
}

#[test]
fn lines_end_where_they_may_and_are_never_too_long() {
    let mut setter = Typesetter::new();
    for (text, ends) in [
        ("Uno dos tres cuatro cinco seis siete ocho nueve diez", None),
        ("打印机无法打印打印机无法打印打印机无法打印", None),
        ("Donaudampfschifffahrtsgesellschaftskapitän", None),
        ("המדפסת בקומה השלישית לא עובדת מאז אתמול", None),
        ("uno dos", Some("uno dos")),
    ] {
        let width = 9.0;
        let block = setter.set(text, false, width).unwrap();
        assert!(block.lines.iter().all(|line| line.width <= width + 0.01), "{text}: {block:?}");
        match ends {
            Some(whole) => assert_eq!(written(&block), whole),
            None => assert!(block.lines.len() > 1, "{text}"),
        }
        let letters = |text: &str| text.replace([' ', '\n'], "");
        assert_eq!(letters(&written(&block)), letters(text));
    }
    // Thai does not space its words, and yet a line ends between two.
    let block = setter.set("เครื่องพิมพ์ไม่ทำงาน", false, 7.0).unwrap();
    let words = ["เครื่องพิมพ์\nไม่ทำงาน", "เครื่องพิมพ์ไม่\nทำงาน", "เครื่องพิมพ์ไม่ทำ\nงาน"];
    assert!(words.contains(&written(&block).as_str()), "{}", written(&block));
}
