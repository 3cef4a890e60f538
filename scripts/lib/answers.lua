-- What functions of strategies and personas answer: finds those that answer nothing, or never yes, by their source text.

local answers = {}

local OPENS = { ["function"] = true, ["do"] = true, ["if"] = true, ["repeat"] = true }
local CLOSES = { ["end"] = true, ["until"] = true }
local BEHIND_RETURN = { ["end"] = true, ["else"] = true, ["elseif"] = true, ["until"] = true, [";"] = true }
local BRACKETS = { ["("] = 1, ["{"] = 1, ["["] = 1, [")"] = -1, ["}"] = -1, ["]"] = -1 }

local WANTED = {
  when = "return true for those it is for", match = "return true for those who are like this",
  eligible = "return true, or return false and why", score = "return a number",
}

local function word_at(tokens, index)
  local kind = tokens.kinds[index]
  return (kind == "name" or kind == "sign") and tokens.values[index] or nil
end

local function behind_function(tokens, index)
  local depth = 0
  repeat
    local word = word_at(tokens, index)
    depth = depth + (OPENS[word] and 1 or CLOSES[word] and -1 or 0)
    index = index + 1
  until depth <= 0 or index > tokens.count
  return index
end

---@class senda.Body
---@field returns integer[] tokens of the word return, but for those in functions inside of it
---@field ends boolean whether a return stands at its very end
---@field open_if? integer token of the if that ends it, where that has no else
---@field raises boolean whether it may raise an error of its own

-- How a function goes from its first token to its last.
local function read_body(tokens, first, last)
  local body, stack, latest = { returns = {}, ends = false, raises = false }, {}, nil
  local index = first + 1
  while index < last do
    local word = word_at(tokens, index)
    if word == "function" then
      index = behind_function(tokens, index) - 1
    elseif word == "return" then
      table.insert(body.returns, index)
      body.ends = body.ends or #stack == 0
    elseif OPENS[word] then
      table.insert(stack, { word = word, first = index })
    elseif word == "else" and stack[#stack] then
      stack[#stack].has_else = true
    elseif CLOSES[word] then
      latest = table.remove(stack) or latest
      if latest and #stack == 0 then latest.last = index end
    end
    body.raises = body.raises or word == "error"
    index = index + 1
  end
  if latest and latest.last == last - 1 and latest.word == "if" and not latest.has_else then body.open_if = latest.first end
  return body
end

local function says_no(tokens, at)
  local word = word_at(tokens, at + 1)
  local behind = word_at(tokens, at + 2)
  return (word == "false" or word == "nil") and (behind == "," or BEHIND_RETURN[behind]) or BEHIND_RETURN[word]
end

local function never_says_yes(tokens, returns)
  for _, at in ipairs(returns) do
    if not says_no(tokens, at) then return false end
  end
  return true
end

-- The comma behind the first result of a return, where a number follows upon it.
local function find_second_number(tokens, at, last)
  local depth = 0
  local index = at + 1
  while index <= last do
    local word = word_at(tokens, index)
    if word == "function" then
      index = behind_function(tokens, index) - 1
    elseif depth == 0 and BEHIND_RETURN[word] then
      return nil
    elseif depth == 0 and word == "," then
      return tokens.kinds[index + 1] == "number" and index or nil
    end
    depth = depth + (BRACKETS[word] or 0)
    index = index + 1
  end
  return nil
end

---@class senda.AnswerFound
---@field token integer
---@field message string
---@field hint string

--- What is wrong with the answers of a function.
---@param tokens senda.Tokens
---@param hook { field: string, first: integer, last: integer } its tokens, from the word function to its end
---@return senda.AnswerFound[]
function answers.find(tokens, hook)
  local found, wanted = {}, WANTED[hook.field]
  local body = read_body(tokens, hook.first, hook.last)
  if not wanted then return found end
  for _, at in ipairs(body.returns) do
    local comma = find_second_number(tokens, at, hook.last)
    if comma then
      table.insert(found, { token = comma, message = "a comma ends the number here: what stands behind it is the reason",
        hint = "in numbers, write a point where the fraction begins: 1.5" })
    end
  end
  if body.raises or body.ends then return found end
  if #body.returns == 0 then
    table.insert(found, { token = hook.first, message = "answers nothing, as there is no return in it", hint = wanted })
  elseif body.open_if and hook.field == "score" then
    table.insert(found, { token = body.open_if, message = "answers nothing where this isn't so, which is an error", hint = "end it with return 1" })
  elseif body.open_if and never_says_yes(tokens, body.returns) then
    table.insert(found, { token = hook.first, message = "never says yes: no return gives true", hint = "end it with return true" })
  end
  return found
end

return answers
