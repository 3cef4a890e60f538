-- Specs of scripts/lib/names.lua.
require "support"
local names = require "senda.names"

describe("names", function()
  it("knows names", function()
    for _, name in ipairs { "a", "spring-sale", "lead_magnet", "2026", ("x"):rep(64) } do assert.is_true(names.is_name(name)) end
    for _, name in ipairs { "", "-a", "_a", "A", "a b", "ñ", "a\n", ("x"):rep(65), 12, {} } do assert.is_false(names.is_name(name)) end
  end)

  it("knows languages", function()
    for _, name in ipairs { "es", "en", "ast", "es-MX", "pt_BR", "zh-hant-tw" } do assert.is_true(names.is_locale(name)) end
    for _, name in ipairs { "", "e", "ES", "spanish", "es-", "*", 1, true } do assert.is_false(names.is_locale(name)) end
  end)

  it("suggests a right name", function()
    assert.equal("spring-sale", names.suggest("Spring Sale"))
    assert.is_nil(names.suggest("spring-sale"))
    assert.is_nil(names.suggest(12))
  end)
end)
