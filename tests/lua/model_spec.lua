-- Specs of scripts/lib/model.lua.
require "support"
local model = require "senda.model"
local registry = require "senda.registry"

local function site()
  local all = registry.new({ "journey", "kind", "offer", "placement", "policy" })
  all:add { construct = "journey", name = "one", stages = { { name = "a", names = { es = "á" } }, { name = "b", kinds = { "demo" } } } }
  all:add { construct = "journey", name = "two", stages = { { name = "b", no_offer = { en = "quiet" } }, {} } }
  all:add { construct = "kind", name = "webinar" }
  all:add { construct = "policy", name = "p", tags = { "gone" } }
  return model.new(all)
end

describe("model", function()
  it("calls a stage by its shown names and its aliases, each once, and not by its own", function()
    assert.same({ "b", "c", "á" }, model.other_names { name = "a", names = { es = "á", en = "a", fr = "b" }, aliases = { "c", "b" } })
    assert.same({}, model.other_names { name = "a" })
  end)

  it("lays all stages out in one list", function()
    local whole = site()
    assert.same({ 1, 3 }, whole.first_stage)
    assert.same({ 2, 1 }, { whole.stages[3].journey, whole.stages[3].position })
  end)

  it("finds stages by every name they have", function()
    local whole = site()
    assert.same({ a = { 1 }, ["á"] = { 1 }, b = { 2, 3 } }, whole.by_stage_name)
  end)

  it("knows the kinds a stage takes: all, some or none", function()
    local whole = site()
    assert.is_nil(whole.stages[1].kind_set)
    assert.same({ demo = true }, whole.stages[2].kind_set)
    assert.same({}, whole.stages[3].kind_set)
  end)

  it("numbers kinds, tags and consents in the order of the alphabet", function()
    local whole = site()
    model.note_offer(whole, { kind = "article", tags = { "z", "a" }, consent = "marketing" })
    model.note_offer(whole, { kind = "article" })
    model.finish(whole)
    assert.same({ "article", "demo", "webinar" }, whole.kind.names)
    assert.same({ a = 1, gone = 2, z = 3 }, whole.tag.index)
    assert.same({ "a", "z" }, whole.tag.known_names)
    assert.same({ "marketing" }, whole.consent.names)
    assert.same({ article = true }, whole.offered)
  end)
end)
