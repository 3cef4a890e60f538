-- The types of fields: for each, what a value has to be and what it is kept as.

local text = require "senda.text"
local names = require "senda.names"
local duration = require "senda.duration"
local instant = require "senda.instant"
local nearest = require "senda.nearest"
local plain = require "senda.plain"
local quantity = require "senda.quantity"

---@class senda.Type
---@field expected fun(field: senda.Field): string what is told to people
---@field check fun(checker: senda.Checker, field: senda.Field, value: any): any the value to keep, nil if refused

---@type table<string, senda.Type>
local types = {}

local LONGEST_TEXT = 8192 -- bytes
local LONGEST_URL = 2048
local MOST_ITEMS = 1000

local function wrong(checker, field, value, hint)
  checker:wrong(field, types[field.type].expected(field), value, hint)
end

-- Whether a text can be shown to people: valid UTF-8, not empty, not endless.
local function check_text(checker, field, value)
  if value == "" then
    wrong(checker, field, value, not field.required and "leave the field out if there is nothing to say" or nil)
  elseif #value > LONGEST_TEXT then
    checker:refuse { message = string.format("this text has %d bytes; %d are the most", #value, LONGEST_TEXT) }
  elseif not utf8.len(value) then
    checker:refuse {
      message = "this text is not written in UTF-8: " .. text.quote(value), expected = "text in UTF-8",
      hint = "save the file as UTF-8 in your editor, so that letters such as ñ or é come out right",
    }
  elseif value:find("[\0-\8\11\12\14-\31\127]") then
    checker:refuse { message = "this text has signs that can't be shown: " .. text.quote(value) }
  else
    return value
  end
  return nil
end

-- For a text where a list of one was forgotten to be unpacked, or a text that should be a number.
local function hint_for_text(field, value)
  if type(value) == "table" and type(value[1]) == "string" and value[2] == nil then
    return string.format("take off the braces: %s = %s", field.name, text.quote(value[1]))
  end
  if type(value) == "number" then return string.format('put it in quotes: "%s"', text.describe(value)) end
  return nil
end

types.text = {
  expected = function() return "a text in quotes" end,
  check = function(checker, field, value)
    if type(value) ~= "string" then return wrong(checker, field, value, hint_for_text(field, value)) end
    return check_text(checker, field, value)
  end,
}

local function check_locale_key(checker, field, key)
  if names.is_locale(key) then return true end
  checker:enter(key)
  checker:refuse {
    at = "key", expected = 'a language such as "es" or "en"', message = string.format(
      "%s: %s is no language; expected texts by language, such as { es = \"…\", en = \"…\" }", field.name,
      type(key) == "string" and "'" .. text.escape(key) .. "'" or "item " .. text.describe(key)),
  }
  checker:leave()
  return false
end

-- One value for every language ("*"), or one for each.
local function check_by_locale(checker, field, value, check)
  if type(value) == "string" then
    local kept = check(checker, field, value)
    return kept and { ["*"] = kept }
  end
  if type(value) ~= "table" or next(value) == nil or value[1] ~= nil then
    return wrong(checker, field, value, hint_for_text(field, value))
  end
  local kept = {}
  for key, item in pairs(value) do
    if check_locale_key(checker, field, key) then
      checker:enter(key)
      kept[key] = type(item) == "string" and (check(checker, field, item) or false) -- there, though wrong: nobody misses it
      if type(item) ~= "string" then wrong(checker, field, item) end
      checker:leave()
    end
  end
  return kept
end

types.words = {
  expected = function() return 'a text, or one for each language: { es = "…", en = "…" }' end,
  check = function(checker, field, value) return check_by_locale(checker, field, value, check_text) end,
}

local REFUSED_SCHEMES = { javascript = true, data = true, vbscript = true }

local function check_url(checker, field, value)
  local scheme = value:match("^%s*(%a[%w+.-]*):")
  if value == "" then
    return wrong(checker, field, value)
  elseif #value > LONGEST_URL then
    return checker:refuse { message = string.format("this address has %d bytes; %d are the most", #value, LONGEST_URL) }
  elseif value:find("[%s%c]") or not utf8.len(value) then
    return checker:refuse {
      message = "an address has no spaces: " .. text.quote(value), expected = "an address without spaces",
      hint = 'write %20 for a space: "' .. text.escape((value:gsub("^%s+", ""):gsub("%s+$", ""):gsub("%s", "%%20"))) .. '"',
    }
  elseif scheme and REFUSED_SCHEMES[scheme:lower()] then
    return checker:refuse { message = "an address must not run code: " .. text.quote(value) }
  elseif value:find("^[Ww][Ww][Ww]%.") then
    return checker:refuse {
      message = "this leads to a page of your own site that is called " .. text.quote(value), expected = "an address with https:// or /",
      hint = string.format('write "https://%s"', text.escape(value)),
    }
  end
  return value
end

types.url = {
  expected = function() return 'an address such as "/guides/crm.pdf" or "https://…"' end,
  check = function(checker, field, value)
    if type(value) ~= "string" then return wrong(checker, field, value) end
    return check_url(checker, field, value)
  end,
}

types.urls = {
  expected = function() return 'an address such as "/guides/crm.pdf", or one for each language: { es = "…", en = "…" }' end,
  check = function(checker, field, value)
    if value == false then return false end
    return check_by_locale(checker, field, value, check_url)
  end,
}

local function say_range(field)
  local noun = field.integer and "a whole number" or "a number"
  if field.min and field.max and field.max <= 50 then
    return string.format("%s from %d to %d", noun, field.min, field.max)
  end
  if field.min then return string.format("%s, %d or more", noun, field.min) end
  return noun
end

local function fits_range(field, value)
  return value == value and value ~= math.huge and value ~= -math.huge and (not field.min or value >= field.min)
    and (not field.max or value <= field.max) and (not field.integer or value == math.floor(value))
end

-- A number as it is written in a file: never with an exponent.
local function write_number(number)
  local whole = math.tointeger(number)
  return whole and string.format("%d", whole) or text.describe(number)
end

local function hint_for_number(checker, field, value)
  if type(value) == "number" and field.integer and value ~= math.floor(value) and fits_range(field, value * 1000) then
    return "a point begins a fraction; if thousands are meant, write " .. checker:write(field, write_number(value * 1000))
  end
  if type(value) ~= "string" then return nil end
  local number, thousands = quantity.guess(value)
  if number and fits_range(field, number) then
    return "write the number alone, without quotes or units: " .. checker:write(field, write_number(number))
  elseif thousands and fits_range(field, thousands) then
    local fraction = thousands / 1000
    return "write digits alone, and a point where a fraction begins: " .. checker:write(field, write_number(thousands))
      .. (fits_range(field, fraction) and " or " .. write_number(fraction) or "")
  end
  return nil
end

types.number = {
  expected = say_range,
  check = function(checker, field, value)
    if type(value) ~= "number" or not fits_range(field, value) then
      local expected = say_range(field)
      if type(value) == "number" and field.max and field.max > 50 and value > field.max then
        expected = string.format("%s, at most %s", expected, text.describe(field.max))
      end
      return checker:wrong(field, expected, value, hint_for_number(checker, field, value))
    end
    return field.integer and math.tointeger(value) or value
  end,
}

types.boolean = {
  expected = function() return "true or false" end,
  check = function(checker, field, value)
    if type(value) ~= "boolean" then return wrong(checker, field, value) end
    return value
  end,
}

local function say_choices(field)
  local said = {}
  for index, choice in ipairs(field.choices) do
    said[index] = type(choice) == "string" and text.quote(choice) or tostring(choice)
  end
  return text.join(said)
end

local function check_choice(checker, field, value)
  for _, choice in ipairs(field.choices) do
    if value == choice then return choice end
  end
  local near = type(value) == "string" and type(field.choices[1]) == "string" and nearest.find(value, field.choices)
  checker:refuse {
    message = string.format("expected %s (%s), got %s", types[field.type].expected(field), field.help, text.describe(value)),
    expected = types[field.type].expected(field), nearest = near or nil,
  }
  return nil
end

types.choice = { expected = say_choices, check = check_choice }

types.true_or_choice = {
  expected = function(field) return "true, or " .. say_choices(field) end,
  check = function(checker, field, value)
    if value == true then return true end
    return check_choice(checker, field, value)
  end,
}

types.duration = {
  expected = function() return duration.expected end,
  check = function(checker, field, value)
    local seconds = duration.parse(value)
    if seconds then return seconds end
    local guess = duration.guess(value)
    local out_of_range = not guess and duration.looks_right(value) and "the least is 1s, the most ten years" or nil
    return wrong(checker, field, value, guess and "write " .. checker:write(field, text.quote(guess), guess) or out_of_range)
  end,
}

local function check_moment(checker, field, value, whole_day)
  local moment, why = instant.parse(value)
  if moment and not (whole_day and moment.hour) then return value end
  if why then
    return checker:refuse { message = text.describe(value) .. ": " .. why, expected = types[field.type].expected(field) }
  end
  if type(value) == "number" then
    return wrong(checker, field, value, string.format('a day is written in quotes: %s = "2026-11-01"', field.name))
  end
  local guess, other = instant.guess(value)
  local hint = guess and "write " .. checker:write(field, text.quote(guess), guess)
  return wrong(checker, field, value, other and string.format("%s; or %s if the month comes first", hint, checker.is_row(checker.declaration) and other
    or text.quote(other)) or hint)
end

types.day = {
  expected = function() return instant.expected_day end,
  check = function(checker, field, value) return check_moment(checker, field, value, true) end,
}

types.moment = {
  expected = function() return instant.expected_moment end,
  check = function(checker, field, value) return check_moment(checker, field, value, false) end,
}

-- "beans; filter": several names in one text.
local function hint_for_several(value)
  local first, second = value:match("^%s*([%w_-]+)%s*[,;|]%s*([%w_-]+)")
  if not first or #value > 256 then return nil end
  return string.format('several names stand apart: { "%s", "%s" … }; in a spreadsheet, with a bar between them: %s|%s', first, second, first, second)
end

-- Stages are named by shown names too, in any language; every other name keeps to the narrow form.
local function check_name(checker, field, value)
  if type(value) == "table" and type(value[1]) == "string" then return wrong(checker, field, value, hint_for_text(field, value)) end
  if type(value) ~= "string" or value == "" then return wrong(checker, field, value) end
  if field.of == "stage" and #value <= 256 and utf8.len(value) or names.is_name(value) then return value end
  -- An unknown name is answered better, with the nearest right one, where it is looked up.
  if field.of ~= "kind" and field.of ~= "tag" and field.of ~= "consent" and field.of and #value <= 256 then return value end
  local list = hint_for_several(value)
  return checker:refuse {
    message = string.format("expected %s (%s), got %s", names.expected, field.help, text.describe(value)),
    expected = names.expected, nearest = not list and names.suggest(value) or nil, hint = list,
  }
end

types.name = { expected = function() return "a name in quotes" end, check = check_name }

types.event = {
  expected = function() return 'the name of an event, such as "download" or "page_view"' end,
  check = function(checker, field, value)
    if type(value) ~= "string" or value == "" or #value > 128 or not utf8.len(value) or value:find("%c") then
      return wrong(checker, field, value)
    end
    return value
  end,
}

-- Calls check for each item of a list, or for the value itself if it's a single one; nil if it's no list.
local function check_list(checker, field, value, check)
  if type(value) == "string" then
    local kept = check(checker, field, value)
    return kept ~= nil and { kept } or nil
  end
  local size = type(value) == "table" and plain.list_size(value, MOST_ITEMS)
  if not size then
    local too_long = type(value) == "table" and #value > MOST_ITEMS
    return wrong(checker, field, value, too_long and string.format("%d items are the most", MOST_ITEMS) or nil)
  end
  local kept = {}
  for index = 1, size do
    checker:enter(index)
    kept[#kept + 1] = check(checker, field, value[index])
    checker:leave()
  end
  return kept
end

types.names = {
  expected = function() return 'a name, or a list of names: { "…", "…" }' end,
  check = function(checker, field, value) return check_list(checker, field, value, check_name) end,
}

types.texts = {
  expected = function() return 'a text, or a list of texts: { "…", "…" }' end,
  check = function(checker, field, value)
    return check_list(checker, field, value, function(_, _, item)
      if type(item) ~= "string" then return checker:wrong(field, "a text in quotes", item, hint_for_text(field, item)) end
      return check_text(checker, field, item)
    end)
  end,
}

types.locale = {
  expected = function() return 'a language such as "es" or "en"' end,
  check = function(checker, field, value)
    if not names.is_locale(value) then return wrong(checker, field, value) end
    return value
  end,
}

types.locales = {
  expected = function() return 'a list of languages: { "es", "en" }' end,
  check = function(checker, field, value)
    return check_list(checker, field, value, function(_, _, item)
      if not names.is_locale(item) then return checker:wrong(field, types.locale.expected(field), item) end
      return item
    end)
  end,
}

types.zone = {
  expected = function() return 'a time zone such as "Europe/Madrid" or "UTC"' end,
  check = function(checker, field, value)
    if type(value) == "string" and #value <= 64 and checker.host.zone(value) then return value end
    if type(value) == "string" and value:find("^%s*%u*[+-]%d") then
      return checker:wrong(field, types.zone.expected(), value, 'name a place, which knows when its clocks change: "Europe/Madrid"')
    end
    local near = type(value) == "string" and nearest.ask(value, checker.host.zone) or nil
    return checker:wrong(field, types.zone.expected(), value, not near and 'zones are named "continent/city"' or nil, near)
  end,
}

types.hook = {
  expected = function(field) return "a function such as " .. (field.help:match("^function%([%a, ]*%)") or "function(c)") .. " … end" end,
  check = function(checker, field, value)
    if type(value) ~= "function" then
      return wrong(checker, field, value, "write " .. (field.help:match("^function%([%a, ]*%)") or "function(c)") .. " return … end")
    end
    return value
  end,
}

types.data = {
  expected = function() return 'fields and values, such as { pages = 24, author = "Marta" }' end,
  check = function(checker, field, value)
    if type(value) ~= "table" then return wrong(checker, field, value) end
    if value[1] ~= nil then
      return wrong(checker, field, value, string.format('write a name before each value: %s = { first = …, second = … }', field.name))
    end
    return plain.copy(checker, value)
  end,
}

types.where = {
  expected = function() return 'what the event must say, such as { kind = "lead_magnet" }' end,
  check = function(checker, field, value)
    if type(value) ~= "table" or value[1] ~= nil then return wrong(checker, field, value) end
    local copy = plain.copy(checker, value)
    for key, item in pairs(copy or {}) do
      if type(item) == "table" then
        checker:enter(key)
        checker:refuse {
          message = "expected one text or number here, got a list or table { … }",
          hint = "for several, write one rule for each: enter = { { on = …, where = … }, { on = …, where = … } }",
        }
        checker:leave()
      end
    end
    return copy
  end,
}

types.consents = {
  expected = function() return 'a list of consents: { "marketing" }, or { marketing = true }' end,
  check = function(checker, field, value)
    if type(value) ~= "table" then return wrong(checker, field, value) end
    local kept = {}
    if value[1] ~= nil then
      for _, name in ipairs(check_list(checker, field, value, check_name) or {}) do kept[name] = true end
      return kept
    end
    for key, item in pairs(value) do
      if type(key) ~= "string" or type(item) ~= "boolean" then return wrong(checker, field, value) end
      kept[key] = item
    end
    return kept
  end,
}

return types
