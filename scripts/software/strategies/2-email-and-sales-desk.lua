-- The fortnightly e-mail and the sales desk. Both meet people in every stage, so whatever holds for them on the web and in
-- the product holds here too: nobody reads in a mail what the web would not tell them, or hears it at a meeting. Each file
-- has its own functions; these repeat what those of the other files say.

local THE_START = 45   -- days

local function known(c, name)
  return c.context[name] or c.traits[name]
end

local function employees(c)
  return known(c, "company_size") or 0
end

local function is_small(c)
  return employees(c) > 0 and employees(c) < 50
end

local function is_group(c)
  return (known(c, "plants") or 1) > 1 or employees(c) >= 250
end

local function fits_their_size(c, o)
  if o:tagged("group") and is_small(c) then
    return false, "made for large companies"
  end
  if o:tagged("small") and employees(c) >= 50 then
    return false, "made for small companies"
  end
  if o.kind == "discount" and is_group(c) then
    return false, "groups negotiate a framework agreement"
  end
  return true
end

local function days_as_customer(c)
  return c:since("contract_signed") or c.context.days_as_customer or 180
end

local function few_sign_in(c)
  local seats = c.context.seats or 0
  return seats > 0 and (c.context.active_users or 0) / seats < 0.5
end

local function suits_their_first_months(c, o)
  local is_new = days_as_customer(c) <= THE_START
  if o.kind == "onboarding" and not is_new then
    return false, "long past the start"
  end
  if o.kind == "tutorial" and o:tagged("first-steps") and not is_new and not few_sign_in(c) then
    return false, "long past the start"
  end
  if o.kind == "up_sell" and is_new then
    return false, "not before the first result"
  end
  if o.kind == "up_sell" and few_sign_in(c) then
    return false, "they do not yet use what they pay for"
  end
  return true
end

local function has_it_already(c, o)
  if o.kind == "webinar" then
    return c:did("webinar_signup", "30d") ~= false
  end
  return o.kind == "free_trial" and (c.context.trial == "running" or c:did("trial_start", "30d") ~= false)
end

local function may_be_offered(c, o)
  if o:tagged("their-orders") and not c.context.orders_read then
    return false, "nobody has gone through their orders"
  end
  if has_it_already(c, o) then
    return false, "has one already"
  end
  local fits, why = fits_their_size(c, o)
  if not fits then
    return false, why
  end
  return suits_their_first_months(c, o)
end

-- A person at the table knows when to ask a favour; a mail needs to be told.
local function may_be_written(c, o)
  if o:tagged("reward") and c.traits.gifts == "forbidden" then
    return false, "their company forbids gifts"
  end
  if o:tagged("favour") and (c.context.score or 0) < 9 then
    return false, "no favours without good news first"
  end
  if o.kind == "review_request" and (c.traits.reviewed or c:did("review")) then
    return false, "has written a review already"
  end
  return may_be_offered(c, o)
end

-- E-mail: nothing goes out without consent. Those who gave none are shown where to say what they want, which sells nothing.

strategy "write-only-to-those-who-agreed" {
  placements = { "email" },
  because = {
    es = "Ha aceptado recibir noticias nuestras.",
    en = "Has agreed to hear from us.",
  },
  when = function(c) return c:consents_to("marketing") end,
  eligible = may_be_written,
  score = function(c, o)
    if o.kind == "personal_message" then
      return 1.5, "a letter is the place for it"
    end
    if o:tagged("small") then
      return is_small(c) and 3 or 0.3, is_small(c) and "made for their size" or "not known to be a small company"
    end
    if o:tagged("group") and is_group(c) then
      return 1.6, "made for several plants"
    end
    if c:interested_in(o) then
      return 1.8, "a subject they follow"
    end
    return 1
  end,
}

-- The sales desk: what the account manager brings to the next meeting. The CRM sends who will be there: meeting =
-- "committee" or "one-to-one".

strategy "one-paper-per-sceptic" {
  stage = { "decision", "choosing" },
  placements = { "sales_desk" },
  because = {
    es = "En un comité gana quien trae la respuesta a cada objeción.",
    en = "In a committee, whoever brings an answer to each objection wins.",
  },
  when = function(c) return c.context.meeting == "committee" end,
  eligible = function(c, o)
    if o.kind == "demo" then
      return false, "a committee wants answers, the demo comes before"
    end
    return may_be_offered(c, o)
  end,
  score = function(c, o)
    if o.kind == "reference_call" or o.kind == "business_case" then
      return 1.4, "what a committee asks for"
    end
    return 1
  end,
}

strategy "never-empty-handed" {
  placements = { "sales_desk" },
  because = {
    es = "Algo útil sobre la mesa para esta etapa.",
    en = "Something useful on the table for this stage.",
  },
  eligible = may_be_offered,
}
