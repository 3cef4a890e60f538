-- Numbers as people write them: "12,50 €", "1 000", "1.234,56".

local quantity = {}

-- Thousands stand apart in groups of three: what is left without the sign between them, nil if they don't.
local function join_groups(whole, sign)
  if not whole:find("^%d%d?%d?%" .. sign .. "%d%d%d") then return nil end
  for group in whole:gmatch("%" .. sign .. "(%d*)") do
    if #group ~= 3 then return nil end
  end
  return (whole:gsub("%" .. sign, ""))
end

local function count(whole, sign)
  return select(2, whole:gsub("%" .. sign, ""))
end

-- Digits with one kind of sign among them.
local function read_one_sign(whole, sign)
  local joined = join_groups(whole, sign)
  if count(whole, sign) > 1 or sign == " " then return joined end
  if joined and not whole:find("^0") then return nil, joined end
  return (whole:gsub("%" .. sign, "."))
end

-- Digits with points, commas or blanks among them, as a number's text; nil where it can't be told, then perhaps what it
-- is if the sign stands between thousands.
local function read_signs(whole)
  local head, sign, fraction = whole:match("^(.*%D.*)([.,])(%d+)$")
  local inner = head and head:match("%D")
  if head and inner ~= sign then
    local joined = join_groups(head, inner)
    return joined and joined .. "." .. fraction
  end
  sign = whole:match("%D")
  return read_one_sign(whole, sign)
end

--- What to write instead of a number that may be meant in thousands, "1.200": the whole one and the fraction, so that
--- neither can be taken for the other; nil where it can't be doubted.
---@param written string as it stands in the file
---@return string?
---@return string?
function quantity.doubt(written)
  local sign, whole, fraction = written:match("^(%-?)([1-9]%d?%d?)%.(%d%d%d)$")
  if not whole then return nil end
  local shorter = fraction:gsub("0+$", "")
  return sign .. whole .. fraction, sign .. whole .. (shorter == "" and "" or "." .. (shorter == fraction and fraction .. "0" or shorter))
end

--- The number that a text stands for, with or without a unit; nil where that can't be told. Where a sign may stand
--- between thousands or before a fraction, as in "2,000", the second result is the number of whole thousands.
---@param value string
---@return number?
---@return number?
function quantity.guess(value)
  if #value > 100 then return nil end
  if tonumber(value) then return tonumber(value) end
  local plain = value:gsub("\u{A0}", " "):gsub("\u{202F}", " ")
  local sign, whole = plain:match("^[^%d-]*(%-?)(%d[%d., ]*)%D*$")
  whole = whole and whole:match("^(.-)[., ]*$")
  if not whole then return nil end
  local number, thousands = whole, nil
  if whole:find("%D") then number, thousands = read_signs(whole) end
  return tonumber(number and sign .. number), tonumber(thousands and sign .. thousands)
end

return quantity
