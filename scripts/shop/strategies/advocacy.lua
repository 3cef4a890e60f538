-- People who speak well of us: make it easy, make it fair, and ask nothing while something is unsolved.

local function may_be_asked(c, o)
  if o:tagged("unsolved") then
    return false, "nothing of theirs is unsolved"
  end
  if o.kind == "review_request" and (c.traits.reviewed or c:did("review")) then
    return false, "has written a review already"
  end
  if o:tagged("shop") and c.traits.city ~= "Madrid" then
    return false, "too far from the shop"
  end
  return true
end

local function ease(c, o)
  if o.kind == "review_request" and c.context.device == "mobile" then
    return 1.8, "a review is quick on a phone"
  end
  if o:tagged("photo") and c:interested_in(o) then
    return 1.3, "has something to show"
  end
  return 1
end

strategy "ask-no-favours-with-something-unsolved" {
  stage = "advocacy",
  placements = { "hero", "sidebar", "account", "footer" },
  because = {
    es = "Tiene una incidencia abierta: se le agradece y no se le pide nada.",
    en = "Something of theirs is unsolved: thank them, ask for nothing.",
  },
  when = has_something_unsolved,
  eligible = function(c, o)
    return o:tagged("unsolved"), "asks for something at a bad moment"
  end,
}

strategy "make-telling-others-easy" {
  stage = "advocacy",
  placements = { "hero", "sidebar", "account", "footer" },
  because = { es = "Está encantado y lo cuenta: que le cueste dos toques.", en = "Delighted, and says so: let it take two taps." },
  when = function(c)
    return not has_something_unsolved(c)
  end,
  eligible = may_be_asked,
  score = ease,
}

strategy "write-to-our-best-friends" {
  stage = "advocacy",
  placements = { "email" },
  because = { es = "Habla bien de nosotros y nos deja escribirle: le damos con qué.", en = "Speaks well of us and lets us write: here is something to pass on." },
  when = function(c)
    return c:consents_to("marketing") and not has_something_unsolved(c)
  end,
  eligible = may_be_asked,
  score = ease,
}
