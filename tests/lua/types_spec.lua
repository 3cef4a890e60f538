-- Specs of scripts/lib/types.lua.
local support = require "support"
local types = require "senda.types"

-- What a type keeps of a value, and the messages about it, without their lead.
local function check(field, value)
  local checker, messages = support.checker()
  field.name = field.name or "f"
  field.help = field.help or "h"
  local kept = types[field.type].check(checker, field, value)
  local said = {}
  for _, message in ipairs(messages()) do table.insert(said, (message:gsub('^offer "x": ', ""))) end
  return kept, said
end

local function accepts(field, value, kept)
  local got, said = check(field, value)
  assert.same({}, said)
  if kept == nil then kept = value end
  assert.same(kept, got)
end

local function refuses(field, value, message)
  local got, said = check(field, value)
  assert.equal(message, said[1])
  assert.is_nil(type(got) ~= "table" and got or nil)
end

describe("types", function()
  it("text", function()
    accepts({ type = "text" }, "Hola, niño\n")
    refuses({ type = "text" }, 12, "expected a text in quotes (h), got 12")
    refuses({ type = "text" }, print, "expected a text in quotes (h), got a function")
    refuses({ type = "text" }, "", 'expected a text in quotes (h), got an empty text ""')
    refuses({ type = "text" }, ("x"):rep(9000), "this text has 9000 bytes; 8192 are the most")
    refuses({ type = "text" }, "ma\xF1ana", 'this text is not written in UTF-8: "ma\\xf1ana"')
    refuses({ type = "text" }, "a\0b", 'this text has signs that can\'t be shown: "a\\0b"')
  end)

  it("words", function()
    local expected = 'expected a text, or one for each language: { es = "…", en = "…" } (h), got '
    accepts({ type = "words" }, "Hola", { ["*"] = "Hola" })
    accepts({ type = "words" }, { es = "Hola", ["en-GB"] = "Hello" })
    refuses({ type = "words" }, { "Hola" }, expected .. "a list or table { … }")
    refuses({ type = "words" }, {}, expected .. "an empty { }")
    refuses({ type = "words" }, { spanish = "Hola" }, "f: 'spanish' is no language; expected texts by language, such as { es = \"…\", en = \"…\" }")
    refuses({ type = "words" }, { es = 3 }, "es: " .. expected .. "3")
  end)

  it("urls", function()
    accepts({ type = "urls" }, "/a", { ["*"] = "/a" })
    accepts({ type = "urls" }, { es = "/es", en = "https://x.org/en?a=b#c" })
    accepts({ type = "urls" }, false)
    accepts({ type = "url" }, "mailto:a@b.es")
    refuses({ type = "url" }, "/my guide.pdf", 'an address has no spaces: "/my guide.pdf"')
    refuses({ type = "url" }, " JavaScript:alert(1)", 'an address has no spaces: " JavaScript:alert(1)"')
    refuses({ type = "url" }, "JavaScript:alert(1)", 'an address must not run code: "JavaScript:alert(1)"')
    refuses({ type = "url" }, 3, 'expected an address such as "/guides/crm.pdf" or "https://…" (h), got 3')
  end)

  it("number", function()
    accepts({ type = "number", min = 0 }, 0.5)
    accepts({ type = "number", integer = true, min = 1, max = 50 }, 3.0, 3)
    refuses({ type = "number", min = 0 }, "12 €", 'expected a number, 0 or more (h), got "12 €"')
    refuses({ type = "number", min = 0 }, -1, "expected a number, 0 or more (h), got -1")
    refuses({ type = "number", integer = true, min = 1, max = 50 }, 1.5, "expected a whole number from 1 to 50 (h), got 1.5")
    refuses({ type = "number", min = 0 }, 0 / 0, "expected a number, 0 or more (h), got a number that is none (0/0)")
    refuses({ type = "number", min = 0, max = 1000 }, 2000, "expected a number, 0 or more, at most 1000 (h), got 2000")
  end)

  local function hint(field, value, file)
    local checker = support.checker()
    checker.declaration.file = file or checker.declaration.file
    field.name, field.help = "value", "h"
    types[field.type].check(checker, field, value)
    return checker.problems.list[1].hint
  end

  it("number hints at the number in a text", function()
    local alone, signs = "write the number alone, without quotes or units: ", "write digits alone, and a point where a fraction begins: "
    assert.equal(alone .. "value = 12.5", hint({ type = "number", min = 0 }, "12,50 €"))
    assert.equal(alone .. "value = 1000", hint({ type = "number", min = 0, integer = true }, "1e3"))
    assert.equal(alone .. "1000", hint({ type = "number", min = 0 }, "1 000", "offers/x.csv"))
    assert.equal(signs .. "value = 1200 or 1.2", hint({ type = "number", min = 0 }, "1.200 €"))
    assert.equal(signs .. "value = 1200", hint({ type = "number", integer = true, min = 0 }, "1.200 €"))
    assert.is_nil(hint({ type = "number", min = 0 }, "-5"))
    assert.is_nil(hint({ type = "number", min = 0 }, "many"))
  end)

  it("durations and days hint at what was meant, if there is such", function()
    assert.equal('write value = "7d"', hint({ type = "duration" }, "7 days"))
    assert.equal("write 7d", hint({ type = "duration" }, "7 days", "offers/x.csv"))
    assert.equal("the least is 1s, the most ten years", hint({ type = "duration" }, "0d"))
    assert.equal("write 2026-12-31", hint({ type = "day" }, "31/12/2026", "offers/x.csv"))
  end)

  it("addresses hint at what to write for spaces", function()
    assert.equal('write %20 for a space: "/test%20ride"', hint({ type = "url" }, "/test ride"))
    assert.equal('write %20 for a space: "test%20ride"', hint({ type = "url" }, " test ride "))
  end)

  it("choice", function()
    local field = { type = "choice", choices = { "none", "thompson" } }
    accepts(field, "thompson")
    refuses(field, "tompson", 'expected "none" or "thompson" (h), got "tompson"; did you mean \'thompson\'?')
    accepts({ type = "choice", choices = { -1, 0, 1 } }, -1)
    refuses({ type = "choice", choices = { -1, 0, 1 } }, 2, "expected -1, 0 or 1 (h), got 2")
    accepts({ type = "true_or_choice", choices = { "a" } }, true)
    refuses({ type = "true_or_choice", choices = { "a" } }, false, 'expected true, or "a" (h), got false')
  end)

  it("duration and moments", function()
    accepts({ type = "duration" }, "7d", 604800)
    refuses({ type = "duration" }, "7 days", 'expected a span of time such as "30s", "15m", "12h", "7d" or "2w" (h), got "7 days"')
    accepts({ type = "moment" }, "2026-11-01 10:00")
    accepts({ type = "day" }, "2026-11-01")
    refuses({ type = "day" }, "2026-11-01 10:00", 'expected a day such as "2026-11-01" (h), got "2026-11-01 10:00"')
    refuses({ type = "moment" }, "2026-02-30", '"2026-02-30": there is no such day: 2026-02 has 28 days')
  end)

  it("names", function()
    accepts({ type = "names", of = "kind" }, { "webinar", "ebook" })
    accepts({ type = "names", of = "kind" }, "webinar", { "webinar" })
    accepts({ type = "names", of = "stage" }, { "consideración", "road/decision" })
    refuses({ type = "names", of = "kind" }, { webinar = true }, 'expected a name, or a list of names: { "…", "…" } (h), got a list or table { … }')
    refuses({ type = "names", of = "kind" }, { "Lead Magnet" },
      "item 1: expected a name in small letters, digits, - and _, in quotes (h), got \"Lead Magnet\"; did you mean 'lead-magnet'?")
    refuses({ type = "names", of = "stage" }, { 3 }, 'item 1: expected a name, or a list of names: { "…", "…" } (h), got 3')
  end)

  it("a list is not endless", function()
    local many = {}
    for index = 1, 1001 do many[index] = "x" end
    local _, said = check({ type = "names", of = "kind" }, many)
    assert.equal(1, #said)
  end)

  it("locale, locales, zone", function()
    accepts({ type = "locales" }, { "es", "en" })
    refuses({ type = "locales" }, { "es", "English" }, 'item 2: expected a language such as "es" or "en" (h), got "English"')
    refuses({ type = "locale" }, true, 'expected a language such as "es" or "en" (h), got true')
    accepts({ type = "zone" }, "Europe/Madrid")
    refuses({ type = "zone" }, "Europe/Madird", 'expected a time zone such as "Europe/Madrid" or "UTC" (h), got "Europe/Madird"; did you mean \'Europe/Madrid\'?')
    refuses({ type = "zone" }, "europe/madrid", 'expected a time zone such as "Europe/Madrid" or "UTC" (h), got "europe/madrid"; did you mean \'Europe/Madrid\'?')
    refuses({ type = "zone" }, "Madrid", 'expected a time zone such as "Europe/Madrid" or "UTC" (h), got "Madrid"')
  end)

  it("hook, boolean, event", function()
    accepts({ type = "hook" }, print)
    refuses({ type = "hook", help = "function(c, o): a number" }, 3, "expected a function such as function(c, o) … end (function(c, o): a number), got 3")
    accepts({ type = "boolean" }, true)
    refuses({ type = "boolean" }, "yes", 'expected true or false (h), got "yes"')
    accepts({ type = "event" }, "page_view")
    refuses({ type = "event" }, "a\nb", 'expected the name of an event, such as "download" or "page_view" (h), got "a\\nb"')
  end)

  it("data is a map, and its lists have names", function()
    accepts({ type = "data" }, { pages = 24, sizes = { "s", "m" } })
    accepts({ type = "data" }, {})
    refuses({ type = "data" }, { "a", "b" }, 'expected fields and values, such as { pages = 24, author = "Marta" } (h), got a list or table { … }')
    refuses({ type = "data" }, { "a", pages = 24 }, 'expected fields and values, such as { pages = 24, author = "Marta" } (h), got a list or table { … }')
  end)

  it("where and consents", function()
    accepts({ type = "where" }, { kind = "x", times = 2, ok = true })
    refuses({ type = "where" }, { "x" }, 'expected what the event must say, such as { kind = "lead_magnet" } (h), got a list or table { … }')
    refuses({ type = "where" }, { kind = { "a", "b" } }, "kind: expected one text or number here, got a list or table { … }")
    accepts({ type = "consents" }, { "marketing" }, { marketing = true })
    accepts({ type = "consents" }, { marketing = true, profiling = false })
    refuses({ type = "consents" }, { marketing = "yes" }, 'expected a list of consents: { "marketing" }, or { marketing = true } (h), got a list or table { … }')
  end)

  it("hint at what a zone, a date or a whole number was meant to be", function()
    local function told(change) return support.load_changed(change).problems[1].hint end
    assert.equal('name a place, which knows when its clocks change: "Europe/Madrid"',
      told { ["site.lua"] = 'site "shop" { locale = "es", locales = { "es", "en" }, time_zone = "GMT+1" }' })
    local offer = 'offer "x" { kind = "article", title = "T", url = "/x", %s }'
    assert.equal('write starts = "2026-04-03"; or "2026-03-04" if the month comes first', told { ["offers/x.lua"] = offer:format 'starts = "03/04/2026"' })
    assert.equal("a point begins a fraction; if thousands are meant, write stock = 1200", told { ["offers/x.lua"] = offer:format "stock = 1.200" })
  end)
end)
