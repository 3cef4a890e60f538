-- Specs of scripts/lib/check_functions.lua.
local support = require "support"

local KNOWN = {
  customer = { "persona", "stage", "journey", "consents", "consents_to", "seen", "traits" }, offer = { "kind", "id", "tagged", "tags", "stages" },
}

-- The warnings of a strategy with this condition, "column: message", and the last one's hint.
local function told(condition, changes)
  changes = changes or {}
  changes["strategies/s.lua"] = 'strategy "s" { eligible = function(c, o) return ' .. condition .. " end }\n"
  local loader = support.load_changed(changes, nil, function(host) host.members = KNOWN end)
  local lines = {}
  for _, line in ipairs(support.lines(loader)) do table.insert(lines, (line:gsub('^strategies/s.lua:1:(%d+): warning: strategy "s": eligible: ', "%1: "))) end
  return lines, loader.problems[1] and loader.problems[#loader.problems].hint
end

describe("checks of functions", function()
  it("warn of names that nothing has, with the nearest right one", function()
    assert.same({ "62: no persona is called \"it-manger\"; did you mean 'it-manager'?" }, (told 'c.persona == "it-manger"'))
    assert.same({ "59: no kind is called \"artcle\"; did you mean 'article'?" }, (told 'o.kind == "artcle"'))
    assert.same({ "58: no tag is called \"cmr\"; did you mean 'crm'?" }, (told 'o:tagged("cmr")'))
    assert.same({ "60: no stage is called \"descubrimiento\"; did you mean 'awareness'?" }, (told 'c.stage == "descubrimiento"'))
    assert.same({ "56: no offer or kind is called \"guied\"; did you mean 'guide'?" }, (told 'c:seen("guied")' ))
    local lines, hint = told 'o.kind == "curso"'
    assert.same({ { '59: no kind is called "curso"' }, "there are article, demo and discount" }, { lines, hint })
  end)

  it("warn of lists that are compared with a text", function()
    local lines, hint = told 'o.tags == "crm"'
    assert.same({ { "59: tags is a list, which is never the same as a text" }, 'write o:tagged("crm")' }, { lines, hint })
  end)

  it("warn of what neither customer nor offer has, and of functions that answer nothing", function()
    assert.same({ "51: a customer has no 'consent'; did you mean 'consents_to'?" }, (told 'c:consent("mail")'))
    local loader = support.load_changed({ ["strategies/s.lua"] = 'strategy "s" { when = function(c) end } strategy "t" {}' }, nil, function(host) host.members = KNOWN end)
    assert.same({ 'strategies/s.lua:1:23: warning: strategy "s": when: answers nothing, as there is no return in it' }, support.lines(loader))
  end)

  it("are content with right names, and with those that a broken file may bring", function()
    assert.same({}, (told 'c.persona == "it-manager" or o.kind == "demo" or o:tagged("crm") or c.stage == "decision" or c:seen("article") or o.id == "sale"'))
    local lines = told('o.kind == "novelty" or o:tagged("new")', { ["offers/y.lua"] = 'offer "y" { kind = "novelty" tags = { "new" } }' })
    assert.equal(1, #lines)
  end)
end)
