-- Asks a strategy's functions about all candidates in one call from the host.

local driver = {}

--- Makes the function that the host calls for one strategy. Any of the three may be nil.
--- It answers false where `when` says that the strategy does not apply, else true and how many candidates were
--- looked at; scores[i] is false where candidate i does not fit, else what `score` returned (1 without a score).
---@param when? fun(c): boolean
---@param eligible? fun(c, o): boolean, string?
---@param score? fun(c, o): number, string?
function driver.new(when, eligible, score)
  return function(customer, offers, count, wanted, scores, reasons)
    if when and not when(customer) then return false end
    local fitting = 0
    for i = 1, count do
      local offer = offers[i]
      local worth, because = 1, nil
      local fits = true
      if eligible then fits, because = eligible(customer, offer) end
      if not fits then
        worth = false
      elseif score then
        worth, because = score(customer, offer)
      else
        because = nil
        fitting = fitting + 1
      end
      scores[i], reasons[i] = worth, because
      if fitting == wanted then return true, i end
    end
    return true, count
  end
end

return driver
