-- Numbers contact limits, policies' first, and tells which of them an offer is under.

local limits = {}

---@class senda.Limits
---@field count integer numbers given out so far
---@field by_offer table<integer, integer[]> policies that cover an offer, by its number
---@field by_kind table<integer, integer[]>
---@field by_tag table<integer, integer[]>

local function note(lists, indexes, number)
  for _, index in ipairs(indexes or {}) do
    lists[index] = lists[index] or {}
    table.insert(lists[index], number)
  end
end

--- Every policy has the number of its place.
---@param policies senda.Record[]
---@return senda.Limits
function limits.new(policies)
  local self = { count = #policies, by_offer = {}, by_kind = {}, by_tag = {} }
  for number, policy in ipairs(policies) do
    note(self.by_offer, policy.offer_indexes, number)
    note(self.by_kind, policy.kind_indexes, number)
    note(self.by_tag, policy.tag_indexes, number)
  end
  return self
end

local function add(seen, list, numbers)
  for _, number in ipairs(numbers or {}) do
    if not seen[number] then
      seen[number] = true
      table.insert(list, number)
    end
  end
end

--- The numbers of all limits that an offer is under, its own first and then policies' as declared; nil if there's none.
---@param self senda.Limits
---@param offer senda.Record
---@param kind integer its number
---@return integer[]?
function limits.of(self, offer, kind)
  local seen, list = {}, {}
  add(seen, list, self.by_offer[offer.index])
  add(seen, list, self.by_kind[kind])
  for _, tag in ipairs(offer.tag_indexes or {}) do add(seen, list, self.by_tag[tag]) end
  table.sort(list)
  if offer.limit then
    self.count = self.count + 1
    table.insert(list, 1, self.count)
  end
  return #list > 0 and list or nil
end

return limits
