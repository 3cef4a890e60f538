-- Words for messages: values shown safely and shortly, lists read out as people would.

local text = {}

local SHOWN = 60 -- characters of a foreign text that a message shows
local NAMED = { ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ["\0"] = "\\0" }

-- Control characters and those that turn the direction of writing could forge what a terminal shows.
local function is_hidden(code)
  return code < 0x20 or code >= 0x7F and code <= 0x9F or code == 0x200E or code == 0x200F
    or code >= 0x202A and code <= 0x202E or code >= 0x2066 and code <= 0x2069 or code == 0x2028 or code == 0x2029
end

local function show_character(character)
  local code = utf8.codepoint(character)
  if not is_hidden(code) then return nil end
  if NAMED[character] then return NAMED[character] end
  return string.format(code < 0x80 and "\\x%02x" or "\\u{%x}", code)
end

local function show_byte(byte)
  return NAMED[byte] or string.format("\\x%02x", byte:byte())
end

--- The text without anything that could disturb a terminal, cut after `limit` characters.
---@param value string
---@param limit? integer characters shown (60)
---@return string
function text.escape(value, limit)
  limit = limit or SHOWN
  local head = value:sub(1, limit * 4)
  if not utf8.len(head) and #head < #value then head = head:gsub("[\xC0-\xFF][\x80-\xBF]*$", "") end
  local length = utf8.len(head)
  if not length then
    return (head:sub(1, limit):gsub("[%c\x7F-\xFF]", show_byte)) .. (#value > limit and "…" or "")
  end
  local cut = length > limit or #head < #value
  if length > limit then head = head:sub(1, utf8.offset(head, limit + 1) - 1) end
  return (head:gsub(utf8.charpattern, show_character)) .. (cut and "…" or "")
end

--- The text in double quotes, as authors write it.
---@param value string
---@return string
function text.quote(value)
  return '"' .. text.escape(value) .. '"'
end

local function describe_number(value)
  if value ~= value then return "a number that is none (0/0)" end
  if value == math.huge or value == -math.huge then return "an endless number" end
  return math.type(value) == "integer" and tostring(value) or string.format("%.14g", value)
end

--- What a value is, in words for somebody who doesn't program.
---@param value any
---@return string
function text.describe(value)
  local kind = type(value)
  if kind == "string" then return value == "" and 'an empty text ""' or text.quote(value) end
  if kind == "number" then return describe_number(value) end
  if kind == "boolean" then return tostring(value) end
  if kind == "nil" then return "nothing" end
  if kind == "table" then return next(value) == nil and "an empty { }" or "a list or table { … }" end
  if kind == "function" then return "a function" end
  return "something that is no plain value"
end

--- "an offer"
---@param noun string
---@return string
function text.with_article(noun)
  return (noun:find("^[aeiou]") and "an " or "a ") .. noun
end

--- "a, b or c"
---@param list string[]
---@param word? string the last joint ("or")
---@return string
function text.join(list, word)
  if #list < 2 then return list[1] or "" end
  return table.concat(list, ", ", 1, #list - 1) .. " " .. (word or "or") .. " " .. list[#list]
end

--- Like join, cut short after `limit` items.
---@param list string[]
---@param limit integer
---@return string
function text.some(list, limit)
  if #list <= limit then return text.join(list, "and") end
  return table.concat(list, ", ", 1, limit) .. string.format(" and %d more", #list - limit)
end

local PLAIN = {
  ["á"] = "a", ["à"] = "a", ["ä"] = "a", ["â"] = "a", ["é"] = "e", ["è"] = "e", ["ê"] = "e", ["ë"] = "e",
  ["í"] = "i", ["ï"] = "i", ["î"] = "i", ["ó"] = "o", ["ò"] = "o", ["ö"] = "o", ["ô"] = "o",
  ["ú"] = "u", ["ù"] = "u", ["ü"] = "u", ["û"] = "u", ["ñ"] = "n", ["ç"] = "c", ["ß"] = "ss",
  ["Á"] = "a", ["É"] = "e", ["Í"] = "i", ["Ó"] = "o", ["Ú"] = "u", ["Ü"] = "u", ["Ñ"] = "n", ["Ç"] = "c",
}

--- Small letters without accents: what two names have in common beyond their spelling.
---@param value string
---@return string
function text.fold(value)
  if not value:find("[\x80-\xFF%u]") then return value end
  return (value:gsub("\xC3[\x80-\xBF]", PLAIN):lower())
end

--- A name made out of any text: "Spring Sale" becomes "spring-sale"; nil where nothing is left.
---@param value string
---@return string?
function text.slug(value)
  local slug = text.fold(value:sub(1, 200)):gsub("[^a-z0-9_]+", "-"):gsub("^[-_]+", ""):gsub("-+$", ""):sub(1, 64)
  return slug ~= "" and slug or nil
end

return text
