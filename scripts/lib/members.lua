-- What functions of strategies and personas ask of the customer and the offer that neither has: found in the source text,
-- before a visitor's decision finds it.

local nearest = require "senda.nearest"

local members = {}

-- What the arguments of a function are, by the field that holds it.
local ARGUMENTS = {
  when = { "customer" }, eligible = { "customer", "offer" }, score = { "customer", "offer" }, match = { "customer" },
}

-- Those that are asked with a colon.
local METHODS = { customer = { "consents_to", "interested_in", "seen", "did", "since", "days_in_stage" }, offer = { "tagged" } }

local SAID = {
  customer = { "a customer has no '%s'", "what the website tells is in c.context, what is known in c.traits" },
  offer = { "an offer has no '%s'", "its free fields are in o.data" },
}

local function is_name(tokens, index)
  return tokens.kinds[index] == "name"
end

local function is_sign(tokens, index, value)
  return tokens.kinds[index] == "sign" and tokens.values[index] == value
end

-- Adds the names of a list that begins at `index`: "a, b, c".
local function note_names(tokens, index, names)
  while is_name(tokens, index) do
    table.insert(names, tokens.values[index])
    if not is_sign(tokens, index + 1, ",") then return end
    index = index + 2
  end
end

-- The names between the brackets behind the word function at `index`.
local function read_parameters(tokens, index, names)
  while is_name(tokens, index + 1) or is_sign(tokens, index + 1, ".") or is_sign(tokens, index + 1, ":") do index = index + 1 end
  if is_sign(tokens, index + 1, "(") then note_names(tokens, index + 2, names) end
end

-- Names that mean something else within the function: nothing is said of these.
local function find_redeclared(tokens, first, last)
  local names, set = {}, {}
  for index = first + 1, last do
    local word = is_name(tokens, index) and tokens.values[index]
    if word == "local" or word == "for" then note_names(tokens, index + 1, names) end
    if word == "function" then read_parameters(tokens, index, names) end
    if is_name(tokens, index) and is_sign(tokens, index + 1, "=") then table.insert(names, word) end
  end
  for _, name in ipairs(names) do set[name] = true end
  return set
end

--- The variables of a function that stand for the customer and the offer, where they mean nothing else in it.
---@param tokens senda.Tokens
---@param hook { field: string, first: integer, last: integer } its tokens, from the word function to its end
---@return table<string, "customer"|"offer">
function members.subjects(tokens, hook)
  local parameters, kinds = {}, {}
  local redeclared = find_redeclared(tokens, hook.first, hook.last)
  read_parameters(tokens, hook.first, parameters)
  for position, kind in ipairs(ARGUMENTS[hook.field] or {}) do
    local name = parameters[position]
    if name and not redeclared[name] then kinds[name] = kind end
  end
  return kinds
end

-- The name of the member that is asked of the variable at `index`, and its token; nil if none is.
local function read_member(tokens, index)
  local asks = is_sign(tokens, index + 1, ".") or is_sign(tokens, index + 1, ":")
  if not asks or not is_name(tokens, index + 2) or is_sign(tokens, index - 1, ".") or is_sign(tokens, index - 1, ":") then return nil end
  return tokens.values[index + 2], index + 2
end

local function includes(list, wanted)
  for _, item in ipairs(list) do
    if item == wanted then return true end
  end
  return false
end

-- Of what is called, the methods are nearer than the fields: c:consent("x") is consents_to.
local function find_nearest(tokens, token, kind, known)
  local called = is_sign(tokens, token - 1, ":")
  local member = tokens.values[token]
  for _, method in ipairs(called and METHODS[kind] or {}) do
    if method:sub(1, #member) == member and #member > 2 then return method end
  end
  return called and nearest.find(member, METHODS[kind]) or nearest.find(member, known[kind])
end

---@class senda.MemberFound
---@field token integer of the member's name
---@field message string
---@field nearest? string
---@field hint? string

--- Members that a function asks for and that aren't there.
---@param tokens senda.Tokens
---@param hook { field: string, first: integer, last: integer } its tokens, from the word function to its end
---@param known table<string, string[]> the members of a customer and of an offer
---@return senda.MemberFound[]
function members.find(tokens, hook, known)
  local found, kinds = {}, members.subjects(tokens, hook)
  for index = hook.first, hook.last do
    local kind = is_name(tokens, index) and kinds[tokens.values[index]]
    local member, token = nil, nil
    if kind then member, token = read_member(tokens, index) end
    if member and not includes(known[kind], member) then
      local near = find_nearest(tokens, token, kind, known)
      table.insert(found, { token = token, message = string.format(SAID[kind][1], member), nearest = near, hint = not near and SAID[kind][2] or nil })
    end
  end
  return found
end

return members
