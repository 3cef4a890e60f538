-- People who have only just arrived: let them read in peace, and ask for an address only once they come back.

local asks_for_an_address = { lead_magnet = true, template = true, guide = true }
local too_long_for_a_phone = 6   -- minutes

-- What they came for goes up, and so does what was made for people like them: whoever is somebody else never gets that far.
-- What takes too long on a small screen goes down.
local function reading_score(c, o)
  if c.context.device == "mobile" and (o.data.minutes or 0) > too_long_for_a_phone then
    return 0.5, "too long for a phone"
  end
  if c:interested_in(o) then
    return o.personas and 2 or 1.6, "on a subject they are interested in"
  end
  if o.personas then
    return 1.7, "made for people like them"
  end
  return 1
end

strategy "ask-a-stranger-for-nothing" {
  stage = "awareness",
  placements = { "hero", "sidebar" },
  because = {
    es = "Primera visita: algo interesante y sin pedir nada a cambio.",
    en = "A first visit: something interesting, nothing asked in return.",
  },
  when = function(c)
    return (c.context.visits or 1) <= 1
  end,
  eligible = function(c, o)
    if asks_for_an_address[o.kind] then
      return false, "asks for an address on the first visit"
    end
    return true
  end,
  score = reading_score,
}

strategy "trade-something-useful-for-an-address" {
  stage = "awareness",
  placements = { "hero", "sidebar" },
  because = {
    es = "Ha vuelto y todavía no podemos escribirle: le ofrecemos algo por lo que merezca la pena dejar el correo.",
    en = "They came back and we may not write to them yet: something worth leaving an address for.",
  },
  when = function(c)
    return (c.context.visits or 1) >= 2 and not c:consents_to("marketing")
  end,
  eligible = function(c, o)
    return asks_for_an_address[o.kind] == true, "gives nothing in exchange for an address"
  end,
  score = reading_score,
}

strategy "let-them-read-on" {
  stage = "awareness",
  placements = { "hero", "sidebar", "footer" },
  because = { es = "Sigue explorando: algo más que leer.", en = "Still exploring: something more to read." },
  score = reading_score,
}
