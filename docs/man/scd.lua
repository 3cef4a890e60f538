-- Writing scdoc(5): plain text, names, lists of options, and the texts of --help with their examples.

local scd = {}

--- Plain text, in which nothing means anything to scdoc.
---@param text string
---@return string
function scd.escape(text)
  return (text:gsub("[\\*_#`%[%]|~]", "\\%0"):gsub("\n([-.])", "\n\\%1"))
end

function scd.bold(text)
  return "*" .. scd.escape(text) .. "*"
end

function scd.under(text)
  return "_" .. scd.escape(text) .. "_"
end

--- Every line one step further to the right.
function scd.indent(text)
  return (("\n" .. text):gsub("\n([^\n])", "\n\t%1"):sub(2))
end

--- A term and what is said about it.
function scd.entry(term, text)
  return term .. "\n" .. scd.indent(text)
end

-- What may be given is in brackets; the words in capitals stand for something.
local function placeholders(text)
  return (text:gsub("[%u][%u%d_]*", "\0%0\0"):gsub("[^%z]*", scd.escape):gsub("%z([^%z]*)%z", "_%1_"))
end

--- The arguments of a command, such as "EVENT" or "[JOURNEY]".
function scd.arguments(text)
  return placeholders(text)
end

--- An option as one writes it.
function scd.option(option)
  local value = option.argument and "=" .. placeholders(option.argument) or ""
  local long = scd.bold("--" .. option.name) .. value
  return option.letter and scd.bold("-" .. option.letter) .. ", " .. long or long
end

local function literal(lines)
  return "\t```\n\t" .. table.concat(lines, "\n\t") .. "\n\t```"
end

--- A text of --help: paragraphs, and examples, which are set in by two blanks.
---@param text string
---@return string
function scd.help(text)
  local parts, examples = {}, {}
  local function end_examples()
    if #examples > 0 then table.insert(parts, literal(examples) .. "\n") end
    examples = {}
  end
  for line in (text .. "\n"):gmatch("(.-)\n") do
    if line:find("^  ") then
      if #examples == 0 and #parts > 0 then table.insert(parts, "") end
      table.insert(examples, line:sub(3))
    else
      end_examples()
      table.insert(parts, scd.escape(line))
    end
  end
  end_examples()
  return (table.concat(parts, "\n"):gsub("\n\n\n+", "\n\n"):gsub("^\n+", ""):gsub("\n+$", ""))
end

--- A file or an example, as it stands.
function scd.literal(text)
  local lines = {}
  for line in (text:gsub("\n+$", "") .. "\n"):gmatch("(.-)\n") do table.insert(lines, line) end
  return literal(lines)
end

--- "Exit codes: 0 done; 1 not done." as a list.
---@param text string
---@return string
function scd.exits(text)
  local entries = {}
  local list = text:match("Exit codes: (.*)") or error("no exit codes in: " .. text)
  for code, meaning in (list:gsub("%.?%s*$", "") .. "; "):gmatch("(%d) (.-); ") do
    table.insert(entries, scd.entry(scd.bold(code), scd.escape(meaning)))
  end
  return table.concat(entries, "\n\n")
end

return scd
