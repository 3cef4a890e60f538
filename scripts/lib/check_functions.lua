-- Checks the functions of strategies and personas by their source text: what they ask for, what they compare it with, and
-- what they answer. All of it would otherwise show in decisions only, or never.

local text = require "senda.text"
local lexer = require "senda.lexer"
local nearest = require "senda.nearest"
local checker = require "senda.checker"
local members = require "senda.members"
local answers = require "senda.answers"
local asked = require "senda.asked"

local check_functions = {}

local function warn(problems, place, finding)
  problems:add_at("warning", place, { message = place.lead .. finding.message, nearest = finding.nearest, hint = finding.hint })
end

local function note_hook(loader, path, tokens, hook)
  local function place_of(token)
    local line, column = lexer.place(tokens, token)
    return { file = path, line = line, column = column, lead = string.format("%s: %s: ", checker.title(hook), hook.field) }
  end
  for _, found in ipairs(members.find(tokens, hook, loader.host.members)) do warn(loader.problems_found, place_of(found.token), found) end
  for _, found in ipairs(answers.find(tokens, hook)) do warn(loader.problems_found, place_of(found.token), found) end
  for _, found in ipairs(asked.find(tokens, hook, members.subjects(tokens, hook))) do
    found.place = place_of(found.token)
    table.insert(loader.asked, found)
  end
end

--- Looks through the functions of a file, and keeps the names they ask for until all are known.
---@param loader senda.Loader
---@param path string
function check_functions.note(loader, path)
  local cut = loader.host.members and loader.problems_found:source_of(path)
  for _, hook in ipairs(cut and cut:hooks() or {}) do note_hook(loader, path, cut.tokens, hook) end
end

-- The names of one sort, as a list and as keys.
local function known_names(whole, of)
  if of == "kind" or of == "tag" then return whole.model[of].known_names, whole.model[of].known end
  if of ~= "stage" then return whole.registry.shelves[of].names, whole.registry.shelves[of].by_name end
  local names, known = {}, {}
  for _, stage in ipairs(whole.model.stages) do
    if stage.name and not known[stage.name] then
      known[stage.name] = true
      table.insert(names, stage.name)
    end
  end
  return names, known
end

-- The own name of the stage that is shown by another one.
local function name_of_stage(whole, of, name)
  local found = of == "stage" and whole.model.by_stage_name[name]
  return found and whole.model.stages[found[1]].name or nil
end

local function warn_of_list(whole, found)
  local hint = found.list == "tags" and string.format("write o:tagged(%s)", text.quote(found.name)) or "go through it: for _, name in ipairs(…) do … end"
  warn(whole.problems, found.place, { message = string.format("%s is a list, which is never the same as a text", found.list), hint = hint })
end

local function check_name(whole, found)
  local all, missing = {}, true
  for of in found.of:gmatch("%f[%w](%a+)%f[%W]") do
    if of ~= "or" then
      local names, known = known_names(whole, of)
      missing = missing and not known[found.name] and not whole.resolver:is_excused(of, found.name)
      table.move(names, 1, #names, #all + 1, all)
    end
  end
  if not missing then return end
  local near = name_of_stage(whole, found.of, found.name) or nearest.find(found.name, all)
  warn(whole.problems, found.place, {
    message = string.format("no %s is called %s", found.of, text.quote(found.name)), nearest = near,
    hint = not near and #all > 0 and "there are " .. text.some(all, 12) or nil,
  })
end

--- Warns of names that nothing has, once all are known.
---@param whole senda.Whole
function check_functions.check(whole)
  for _, found in ipairs(whole.loader.asked) do
    if found.of then check_name(whole, found) else warn_of_list(whole, found) end
  end
end

return check_functions
