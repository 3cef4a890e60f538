
ê-- People with something new in the kitchen: one good cup soon, help when it resists, then a little more.

-- The carrier tells us, or else the website does.
local function days_since_delivery(c)
  return c:since("delivery") or c.context.days_since_delivery or 0
end

-- A lesson about another way of making coffee teaches them nothing.
local function for_their_brewer(c, o)
  local theirs = c.traits.brews_with
  if theirs and o.data.brewer and o.data.brewer ~= theirs then
    return false, "about a brewer they do not have"
  end
  return true
end

strategy "help-before-anything-else" {
  stage = "experience",
  placements = { "hero", "sidebar", "account", "email", "footer" },
  because = { es = "Algo no le funciona: solo cosas que lo arreglen.", en = "Something does not work: only what puts it right." },
  when = function(c)
    return c.context.open_ticket == true
  end,
  eligible = function(c, o)
    if not o:tagged("troubleshooting") then
      return false, "does not solve a problem"
    end
    return for_their_brewer(c, o)
  end,
  score = function(c, o)
    if o.kind == "follow_up" then
      return 2, "a person first"
    end
    return 1
  end,
}

strategy "one-good-cup-soon" {
  stage = "experience",
  placements = { "hero", "sidebar", "account", "email" },
  because = { es = "Lo acaba de abrir: que la primera taza salga bien.", en = "Just unpacked: the first cup has to turn out well." },
  when = function(c)
    return not c.context.open_ticket and days_since_delivery(c) <= 3
  end,
  eligible = function(c, o)
    if o.kind ~= "quick_guide" then
      return false, "comes after the first cup"
    end
    return for_their_brewer(c, o)
  end,
}

strategy "ask-how-it-went" {
  stage = "experience",
  placements = { "hero", "account", "email" },
  because = { es = "Ya lleva una semana: toca preguntar.", en = "A week has gone by: time to ask." },
  when = function(c)
    local days = days_since_delivery(c)
    return not c.context.open_ticket and days >= 6 and days <= 10
  end,
  eligible = function(c, o)
    return o.kind == "follow_up" and not o:tagged("troubleshooting"), "not a friendly question"
  end,
}

strategy "teach-a-little-more" {
  stage = "experience",
  placements = { "hero", "sidebar", "account", "email", "footer" },
  because = { es = "Ya le sale: ahora, el siguiente truco.", en = "It works for them: now the next trick." },
  when = function(c)
    return not c.context.open_ticket
  end,
  eligible = for_their_brewer,
  score = function(c, o)
    if c:interested_in(o) then
      return 1.5, "on something they enjoy"
    end
    if o.kind == "tutorial" then
      return 1.3, "they are past the first steps"
    end
    return 1
  end,
}
