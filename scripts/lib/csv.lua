-- Offers from CSV files: turns each row into the fields of an offer, and finds cells again where one is wrong.

local nearest = require "senda.nearest"
local quantity = require "senda.quantity"
local text = require "senda.text"

local csv = {}

local LISTS = { stages = true, personas = true, placements = true, locales = true, journeys = true, tags = true, answers = true }
local NUMBERS = { value = true, weight = true, stock = true }
local PLAIN = { kind = true, title = true, url = true, starts = true, ends = true, consent = true }
local LIMITS = { impressions = true, decisions = true, clicks = true, dismissals = true, conversions = true, within = false, rest = false }

local REQUIRED = { id = "it names the offer", kind = "it says what sort of content it is", title = "it is what visitors read" }

local COLUMNS = { "id", "data.…" }
for _, group in ipairs { LISTS, NUMBERS, PLAIN } do
  for name in pairs(group) do table.insert(COLUMNS, name) end
end
for name in pairs(LIMITS) do table.insert(COLUMNS, "limit." .. name) end
table.sort(COLUMNS)

local LARGEST = 1 << 53

-- "12.50" is a number; "007" and "0x1F" are not, people mean them as they are written.
local function read_number(cell)
  if cell:find("^%-?%d+$") or cell:find("^%-?%d+%.%d+$") then
    if cell:find("^%-?0%d") or #cell > 18 then return nil end
    return math.tointeger(tonumber(cell)) or tonumber(cell)
  end
  return nil
end

local function read_list(cell)
  local list = {}
  for item in (cell .. "|"):gmatch("([^|]*)|") do
    item = item:match("^%s*(.-)%s*$")
    if item ~= "" then table.insert(list, item) end
  end
  return list
end

local function put_list(raw, column, cell) raw[column.field] = read_list(cell) end
local function put_number(raw, column, cell) raw[column.field] = read_number(cell) or cell end
local function put_text(raw, column, cell) raw[column.field] = cell end

-- A number of many digits is meant as it is written, too; it would lose some of them on its way.
local function read_datum(cell)
  local number = read_number(cell)
  return number and number >= -LARGEST and number <= LARGEST and number or cell
end

local function put_nested(raw, column, cell)
  local inner = raw[column.field]
  if type(inner) ~= "table" then
    inner = inner and { ["*"] = inner } or {}
    raw[column.field] = inner
  end
  inner[column.key] = column.number and read_datum(cell) or cell
end

---@class senda.Column
---@field name string as written in the header
---@field field string
---@field key? string below the field: "es" of title.es
---@field number? boolean
---@field put fun(raw: table, column: senda.Column, cell: string)

-- What a header cell stands for; nil if there's no such column.
local function read_column(name)
  if LISTS[name] then return { name = name, field = name, put = put_list } end
  if NUMBERS[name] then return { name = name, field = name, put = put_number } end
  if PLAIN[name] or name == "id" then return { name = name, field = name, put = put_text } end
  local field, key = name:match("^(%a+)%.(.+)$")
  if field == "title" or field == "url" then return { name = name, field = field, key = key, put = put_nested } end
  if field == "data" then return { name = name, field = field, key = key, number = true, put = put_nested } end
  if field == "limit" and LIMITS[key] ~= nil then
    return { name = name, field = field, key = key, number = LIMITS[key], put = put_nested }
  end
  return nil
end

-- The column that a wrong name means: "title_es" is title.es, whatever else is near.
local function meant_column(name)
  local folded = text.fold(name)
  local joined = folded:gsub("%s*[_ .:-]%s*", ".", 1)
  return read_column(folded) and folded or read_column(joined) and joined or nearest.find(name, COLUMNS)
end

-- Gives the column that was meant, where that can be told.
local function refuse_column(problems, place, name)
  local near = meant_column(name)
  problems:add_at("error", place(), {
    message = string.format("unknown column '%s'", text.escape(name)), nearest = near,
    hint = not near and "columns are " .. text.join(COLUMNS, "and") or nil,
  })
  return near
end

-- Whether rows are read as if the wrong name were the right one: without that column each of them would lack something.
local function is_missed(near, seen)
  local field = near and (near:match("^(%a+)%.") or near)
  return field and (REQUIRED[field] or field == "url") and not seen[near]
end

local function separator_hint(cells)
  if #cells ~= 1 then return nil end
  return cells[1]:find("\t", 1, true) and "this file separates columns by tabs; save it as CSV, with commas or semicolons" or nil
end

-- Columns that every offer needs; without one of them each row would be wrong.
local function has_required(problems, seen, place)
  local fine = true
  for name, what in pairs(REQUIRED) do
    fine = fine and seen[name] ~= nil
    if not seen[name] then
      problems:add_at("error", place(1), { message = string.format("the column '%s' is missing: %s", name, what) })
    end
  end
  return fine
end

-- What a cell of the header stands for; nil if it's none, which is told.
local function take_column(problems, place, name, seen)
  local column = read_column(name)
  if column and seen[name] then
    problems:add_at("error", place(), { message = string.format("the column '%s' is there twice", name) })
    return nil
  elseif column or name == "" then
    return column
  end
  local near = refuse_column(problems, place, name)
  return is_missed(near, seen) and read_column(near) or nil
end

-- A title is one for all languages, or one for each.
local function is_in_two_ways(problems, place, column, seen, parts)
  local other = column.key and seen[column.field] and column.field or not column.key and parts[column.name]
  if not other then return false end
  problems:add_at("error", place(), {
    message = string.format("there are both a column '%s' and '%s'; expected one of the two ways", other, column.name),
  })
  return true
end

--- Reads the header row. Nil if rows can't be understood by it.
---@param cells string[]
---@param problems senda.Problems
---@param place fun(column: integer): table the place of a header cell
---@return table<integer, senda.Column>?
function csv.read_header(cells, problems, place)
  local columns, seen, parts = {}, {}, {}
  local hint = separator_hint(cells)
  if hint then
    problems:add_at("error", place(1), { message = "the columns can't be told apart", hint = hint })
    return nil
  end
  for index, cell in ipairs(cells) do
    local name = cell:gsub("^\xEF\xBB\xBF", ""):match("^%s*(.-)%s*$")
    local function here() return place(index) end
    local column = take_column(problems, here, name, seen)
    if column then
      if column.key then parts[column.field] = parts[column.field] or column.name end
      seen[column.name] = true
      if not is_in_two_ways(problems, here, column, seen, parts) then columns[index] = column end
    end
  end
  for field in pairs(parts) do seen[field] = true end
  return has_required(problems, seen, place) and columns or nil
end

--- The fields of one row as an author would have written them; empty cells are left out.
---@param columns table<integer, senda.Column>
---@param cells string[]
---@return string? id
---@return table raw
function csv.read_row(columns, cells)
  local raw = {}
  for index, cell in ipairs(cells) do
    local column = columns[index]
    if column and cell ~= "" and cell:find("%S") then column.put(raw, column, cell) end
  end
  local id = raw.id
  raw.id = nil
  return id and id:match("^%s*(.-)%s*$"), raw
end

--- Those of the columns whose cells may be taken for other numbers than they are.
---@param columns table<integer, senda.Column>
---@return table<integer, senda.Column>
function csv.numeric_columns(columns)
  local found = {}
  for index, column in pairs(columns) do
    if column.field == "data" or NUMBERS[column.field] and column.field ~= "stock" then found[index] = column end
  end
  return found
end

--- What may be meant otherwise by a cell with a number: "1.200" is 1.2, and "349,50" among free data a text.
---@param column senda.Column
---@param cell string
---@return senda.Finding?
function csv.doubtful(column, cell)
  if not cell:find("[.,]") then return nil end
  local path = { column.field, column.key }
  local thousands, fraction = quantity.doubt(cell)
  if thousands then
    return {
      path = path, message = "a point begins the fraction, so this is " .. fraction,
      hint = string.format("write %s if thousands are meant, %s if not; likewise in the rows below", thousands, fraction),
    }
  elseif column.field == "data" and cell:find("^%-?%d[%d.]*,%d+$") then
    local number = quantity.guess(cell)
    return {
      path = path, message = string.format("%s is kept as a text: numbers are written with a point", text.quote(cell)),
      hint = number and string.format("write %s if a number is meant; likewise in the rows below", text.describe(number)) or nil,
    }
  end
  return nil
end

--- Why a row does not belong to its header; nil if it does.
---@param count integer of cells in the header
---@param cells string[]
---@param separator string
---@return senda.Finding?
function csv.misfit(count, cells, separator)
  local last = #cells
  while last > count and not cells[last]:find("%S") do last = last - 1 end
  if last <= count then return nil end
  return {
    message = string.format("this row has %d cells, the first row names %d columns", last, count),
    hint = separator == ";" and 'a text with a semicolon in it stands in quotes: "one; two"' or 'a text with a comma in it stands in quotes: "one, two"',
  }
end

---@param cells string[]
---@return boolean
function csv.is_blank(cells)
  for _, cell in ipairs(cells) do
    if cell:find("%S") then return false end
  end
  return true
end

-- The index of the column in which a path of keys is written.
local function column_of(columns, count, path)
  local name = ""
  local found
  for _, key in ipairs(path) do
    name = name == "" and tostring(key) or name .. "." .. tostring(key)
    for index = 1, count do
      if columns[index] and columns[index].name == name then found = index end
    end
    if found then return found end
  end
  for index = 1, count do
    if columns[index] and columns[index].field == path[1] then return index end
  end
  return nil
end

local function cell_end(content, at, separator)
  local ending = "[" .. separator .. "\r\n]"
  if string.sub(content, at, at) ~= '"' then return (string.find(content, ending, at) or #content + 1) end
  local from = at + 1
  while true do
    local quote = string.find(content, '"', from, true)
    if not quote then return #content + 1 end
    if string.sub(content, quote + 1, quote + 1) ~= '"' then return string.find(content, ending, quote + 1) or #content + 1 end
    from = quote + 2
  end
end

local function find_lines(content)
  local lines = { string.match(content, "^\xEF\xBB\xBF()") or 1 }
  for position in string.gmatch(content, "\n()") do
    lines[#lines + 1] = position
  end
  return lines
end

--- Line and column of a cell of the row that begins on a line. `lines` holds where each line begins.
---@param content string
---@param lines integer[]
---@param line integer
---@param wanted integer number of the cell
---@param separator string
---@return integer? line
---@return integer? column
function csv.find_cell(content, lines, line, wanted, separator)
  local at = lines[line]
  if not at then return nil end
  for _ = 2, wanted do
    local stop = cell_end(content, at, separator)
    if string.sub(content, stop, stop) ~= separator then return nil end
    at = stop + 1
  end
  while lines[line + 1] and lines[line + 1] <= at do line = line + 1 end
  return line, at - lines[line] + 1
end

--- Where a cell of the first row stands.
---@param content string
---@param line integer
---@param index integer
---@param separator string
---@return integer?
function csv.header_column(content, line, index, separator)
  local _, column = csv.find_cell(content, find_lines(content), line, index, separator)
  return column
end

--- A locator of cells for the list of problems.
---@param columns table<integer, senda.Column>
---@param count integer of cells in the header
---@param separator string
---@param read fun(): string?
function csv.locator(columns, count, separator, read)
  local content, lines
  return function(declaration, path)
    content = content or read() or ""
    lines = lines or find_lines(content)
    local index = path and #path > 0 and column_of(columns, count, path)
    if not index then
      for number, column in pairs(columns) do
        if column.name == "id" then index = number end
      end
    end
    return csv.find_cell(content, lines, declaration.line, index or 1, separator)
  end
end

return csv
