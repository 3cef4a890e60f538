-- The types of a journey map's cells: lists of texts, by language, that say whether they are measured or assumed.

local names = require "senda.names"
local nearest = require "senda.nearest"
local types = require "senda.types"

local BASES = { assumed = true, measured = true }
local GROUPS = { online = true, offline = true, indirect = true }

---@class senda.Cell
---@field texts table<string, string[]> by language; "*" stands for every one
---@field basis? "assumed"|"measured"

local function check_basis(checker, cell, kept)
  local basis = cell.basis
  if basis == nil then return end
  if BASES[basis] then
    kept.basis = basis
    return
  end
  checker:enter("basis")
  types.choice.check(checker, {
    name = "basis", type = "choice", choices = { "assumed", "measured" }, help = "whether this comes from data or is inferred",
  }, basis)
  checker:leave()
end

local function add_text(kept, locale, value)
  kept.texts[locale] = kept.texts[locale] or {}
  table.insert(kept.texts[locale], value)
end

-- One item of a list: a text, or the same text in several languages.
local function check_item(checker, field, item, kept)
  local words = types.words.check(checker, setmetatable({ type = "words" }, { __index = field }), item)
  for locale, value in pairs(words or {}) do
    if value then add_text(kept, locale, value) end
  end
end

local function is_allowed(key, size)
  return key == "basis" or math.type(key) == "integer" and key >= 1 and key <= size
end

local function refuse_key(checker, key, message, near)
  checker:enter(key)
  checker:refuse { message = message, at = near and "key", nearest = near }
  checker:leave()
end

local function check_items(checker, field, list, kept)
  local size = #list
  if size > 1000 then return checker:refuse { message = "1000 items are the most" } end
  for key in pairs(list) do
    if not is_allowed(key, size) then refuse_key(checker, key, "a list has items only, and perhaps a basis") end
  end
  for index = 1, size do
    checker:enter(index)
    if list[index] == nil then
      checker:refuse { message = "this list has gaps (nil) in it" }
    else
      check_item(checker, field, list[index], kept)
    end
    checker:leave()
  end
end

local function check_locale_list(checker, field, locale, list, kept)
  checker:enter(locale)
  local texts = types.texts.check(checker, setmetatable({ type = "texts" }, { __index = field }), list)
  if texts and #texts > 0 then kept.texts[locale] = texts end
  checker:leave()
end

local EXPECTED = 'a list of texts: { "…", "…" }, or one for each language: { es = { "…" }, en = { "…" } }'

local function check_cell(checker, field, value)
  local kept = { texts = {} }
  if type(value) == "string" then
    check_item(checker, field, value, kept)
    return kept
  end
  if type(value) ~= "table" then return checker:wrong(field, EXPECTED, value) end
  check_basis(checker, value, kept)
  if value[1] ~= nil then
    check_items(checker, field, value, kept)
    return kept
  end
  for key, list in pairs(value) do
    if names.is_locale(key) then
      check_locale_list(checker, field, key, list, kept)
    elseif key ~= "basis" then
      refuse_key(checker, key, "expected " .. EXPECTED)
    end
  end
  return kept
end

types.cell = { expected = function() return EXPECTED end, check = check_cell }

types.words_list = { expected = types.texts.expected, check = check_cell }

local GROUP_NAMES = { "online", "offline", "indirect" }

local function near_group(key)
  return key ~= "basis" and not names.is_locale(key) and nearest.find(key, GROUP_NAMES) or nil
end

local function is_grouped(value)
  if type(value) ~= "table" then return false end
  for key in pairs(value) do
    if GROUPS[key] or near_group(key) then return true end
  end
  return false
end

-- Kept as one cell, or as a cell for each group.
types.touchpoints = {
  expected = function() return 'a list of texts, or groups of them: { online = { "…" }, offline = { "…" }, indirect = { "…" } }' end,
  check = function(checker, field, value)
    if not is_grouped(value) then return check_cell(checker, field, value) end
    local kept = {}
    check_basis(checker, value, kept)
    for key, list in pairs(value) do
      if GROUPS[key] then
        checker:enter(key)
        kept[key] = check_cell(checker, field, list)
        checker:leave()
      elseif key ~= "basis" then
        refuse_key(checker, key, "expected the groups online, offline and indirect only", near_group(key))
      end
    end
    return kept
  end,
}

return types
