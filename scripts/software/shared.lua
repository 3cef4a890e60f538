-- What holds everywhere: on the web, in the product, in mails and at the sales desk. Whoever is refused something in one
-- place is not offered it in another.

WEB = { "hero", "sidebar", "resources", "pricing" }

-- Sent with the request, by the CRM or the product, or else in the profile.
function known(c, name)
  return c.context[name] or c.traits[name]
end

function employees(c)
  return known(c, "company_size") or 0
end

function is_small(c)
  return employees(c) > 0 and employees(c) < 50
end

function is_group(c)
  return (known(c, "plants") or 1) > 1 or employees(c) >= 250
end

function fits_their_size(c, o)
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

-- What is told of them may be one text or a list of them. The second answer is the one that the offer is about.
function is_about(o, told, prefix)
  for _, one in ipairs(type(told) == "table" and told or { told }) do
    if type(one) == "string" and o:tagged((prefix or "") .. one) then
      return true, one
    end
  end
  return false
end

-- The product says how many days ago the contract began where senda did not see it signed.
function days_as_customer(c)
  return c:since("contract_signed") or c.context.days_as_customer or 180
end

function is_new_customer(c)
  return days_as_customer(c) <= 45
end

-- How much of what they pay for they use, from 0 to 1; nil where the product does not say.
function use_of_seats(c)
  local seats = c.context.seats or 0
  if seats == 0 then
    return nil
  end
  return (c.context.active_users or 0) / seats
end

function few_sign_in(c)
  return (use_of_seats(c) or 1) < 0.5
end

-- A favour is asked for after good news, a review once, and never against their own rules on gifts.
function may_be_asked(c, o)
  if o:tagged("favour") and (c.context.score or 0) < 9 then
    return false, "no favours without good news first"
  end
  if o.kind == "review_request" and (c.traits.reviewed or c:did("review")) then
    return false, "has written a review already"
  end
  if o:tagged("reward") and c.traits.gifts == "forbidden" then
    return false, "their company forbids gifts"
  end
  return true
end

-- What sells more, or teaches the first steps, depends on how far they are.
function suits_how_far_they_are(c, o)
  local is_first_lesson = o.kind == "tutorial" and o:tagged("first-steps")
  if not is_new_customer(c) and (o.kind == "onboarding" or (is_first_lesson and not few_sign_in(c))) then
    return false, "long past the start"
  end
  if o.kind == "up_sell" and is_new_customer(c) then
    return false, "not before the first result"
  end
  if o.kind == "up_sell" and few_sign_in(c) then
    return false, "they do not yet use what they pay for"
  end
  return true
end

-- Some offers say something about the customer: they go to those of whom it is true.
function is_true_of_them(c, o)
  if o:tagged("anniversary") and (days_as_customer(c) < 365 or days_as_customer(c) >= 395) then
    return false, "not the month of their first anniversary"
  end
  if o:tagged("their-orders") and not c.context.orders_read then
    return false, "nobody has gone through their orders"
  end
  if o:tagged("their-idea") and not c.traits.idea_built then
    return false, "no idea of theirs has been built"
  end
  return true
end

function has_it_already(c, o)
  if o.kind == "webinar" then
    return c:did("webinar_signup", "30d") ~= false
  end
  return o.kind == "free_trial" and (c.context.trial == "running" or c:did("trial_start", "30d") ~= false)
end

-- All of it together.
function makes_sense(c, o)
  if has_it_already(c, o) then
    return false, "has one already"
  end
  local fits, why = fits_their_size(c, o)
  if fits then
    fits, why = suits_how_far_they_are(c, o)
  end
  if fits then
    fits, why = is_true_of_them(c, o)
  end
  return fits, why
end

-- A person at the table knows when to ask a favour; a page or a mail needs to be told.
function may_be_shown(c, o)
  local asked, why = may_be_asked(c, o)
  if not asked then
    return false, why
  end
  return makes_sense(c, o)
end
