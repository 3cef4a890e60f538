-- People who weigh options: answer the doubt they have, with figures or with somebody like them.

local settles_a_comparison = { comparison = true, technical_report = true, calculator = true, checklist = true }

-- Our shop is no use from afar, nor are a live session or thirty pages of tables on a bus.
local function fits_them(c, o)
  if o:tagged("shop") and c.traits.city and c.traits.city ~= "Madrid" then
    return false, "too far from the shop"
  end
  if c.context.device ~= "mobile" then
    return true
  end
  if o.kind == "webinar" then
    return false, "no live sessions on a phone"
  end
  if o.kind == "technical_report" then
    return false, "no long tables on a phone"
  end
  return true
end

strategy "settle-the-comparison-at-hand" {
  stage = "consideration",
  placements = { "hero", "sidebar" },
  because = {
    es = "Está comparando ahora mismo: una tabla vale más que una promesa.",
    en = "Comparing right now: a table is worth more than a promise.",
  },
  when = function(c)
    return c.context.section == "compare"
  end,
  eligible = function(c, o)
    if not settles_a_comparison[o.kind] then
      return false, "does not help to compare"
    end
    return fits_them(c, o)
  end,
  score = function(c, o)
    if c:interested_in(o) then
      return 2, "compares just what they are looking at"
    end
    return 1
  end,
}

strategy "show-somebody-like-them" {
  stage = "consideration",
  placements = { "hero" },
  because = {
    es = "Le está dando muchas vueltas: le ayuda ver a alguien en su misma situación.",
    en = "They keep pondering: it helps to see someone in the same situation.",
  },
  when = function(c)
    local ponders = (c.context.visits or 0) >= 4 or (c:days_in_stage() or 0) >= 3
    return c.persona ~= nil and ponders
  end,
  eligible = function(c, o)
    return o.kind == "success_story", "not the story of a person"
  end,
}

strategy "help-them-compare" {
  stage = "consideration",
  placements = { "hero", "sidebar", "footer" },
  because = { es = "Ya sabe lo que busca: le damos con qué elegir.", en = "They know what they want: we give them the means to choose." },
  eligible = fits_them,
  score = function(c, o)
    if c:interested_in(o) then
      return 1.5, "about something they are interested in"
    end
    if o.kind == "demo" and (c.context.visits or 1) < 3 then
      return 0.6, "early to spend time with us"
    end
    return 1
  end,
}
