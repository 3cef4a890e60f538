-- Specs of scripts/lib/csv.lua.
local support = require "support"
local csv = require "senda.csv"

local function problems(content)
  return support.problems { ["offers/x.csv"] = content }
end

describe("csv", function()
  it("makes offers of rows", function()
    local loader = support.load_changed { ["offers/x.csv"] = '\xEF\xBB\xBFid,kind,title.es,title.en,url,stages,tags,value,weight,starts,data.pages,data.code,'
      .. 'limit.clicks,limit.rest\r\n'
      .. 'one,article,"Uno, ""dos""",One,/1,awareness|descubrimiento,crm | erp,3.5,-20,2026-11-01,12,007,2,7d\r\n\r\n'
      .. 'two,discount,Dos,Two,/2,,,,,,,,,\r\n' }
    assert.same({}, support.lines(loader))
    local one, two = loader.result.offers[4], loader.result.offers[5]
    assert.same({ es = 'Uno, "dos"', en = "One" }, one.titles)
    assert.same({ 1 }, one.stages)
    assert.same({ "crm", "erp" }, one.tag_names)
    assert.same({ 3.5, -20, 2 }, { one.value, one.weight, one.line })
    assert.same({ pages = 12, code = "007" }, one.data)
    assert.same({ count_of = "clicks", times = 2, rest = 604800 }, one.limit)
    assert.same({ "two", 1, 4 }, { two.id, two.value, two.line })
    assert.is_nil(two.stages)
    assert.is_nil(two.data)
  end)

  it("finds the cell at fault, behind quotes and line breaks", function()
    assert.same({ 'offers/x.csv:3:13: error: offer "one": value: expected a number, 0 or more (what one conversion is worth), got "12 €"' },
      problems 'id,kind,title,url,value\none,article,"U,\nd ""x""",/1,12 €\n')
  end)

  it("answers names that nothing has", function()
    assert.same({ "offers/x.csv:2:22: error: offer \"one\": stages, item 2: no stage \"decison\"; did you mean 'decision'?" },
      problems 'id,kind,title,url,stages\none,article,Uno,/one,awareness|decison\n')
  end)

  it("answers columns that are unknown, double, or in two ways", function()
    assert.same({ "offers/x.csv:1:9: error: unknown column 'titel'; did you mean 'title'?" }, { problems('id,kind,titel,title,url\n')[1] })
    assert.same({ "offers/x.csv:1:10: error: the column 'title' is there twice" }, { problems('id,title,title,kind\n')[1] })
    assert.same({ "offers/x.csv:1:18: error: there are both a column 'title.es' and 'title'; expected one of the two ways" },
      { problems('id,kind,title.es,title,url\none,article,Uno,Uno,/\n')[1] })
    assert.equal(1, #problems('id,kind,title,title.es,url\none,article,Uno,Uno,/\n'))
    assert.same({ "offers/x.csv:1:10: error: there are both a column 'title' and 'title.es'; expected one of the two ways" },
      { problems('id,title,title.es,kind\n')[1] })
  end)

  it("answers a missing id, in the header and in a row", function()
    assert.same({ "offers/x.csv:1:1: error: the column 'id' is missing: it names the offer" }, problems "kind,title\narticle,x\n")
    assert.same({ "offers/x.csv:2:1: error: this row has no id; expected the offer's name in the column 'id'" },
      problems "id,kind,title,url\n,article,x,/x\n")
  end)

  it("answers columns that every offer needs once, not in each row", function()
    assert.same({ "offers/x.csv:1:1: error: the column 'kind' is missing: it says what sort of content it is" },
      problems "id,title.es,title.en\none,Uno,One\ntwo,Dos,Two\n")
    assert.same({ "offers/x.csv:1:9: error: unknown column 'titel'; did you mean 'title'?" }, problems "id,kind,titel,url\none,article,Uno,/one\n")
  end)

  it("answer a wrong column once, with the one that is meant, and read the rows by it", function()
    for _, wrong in ipairs { "title_es", "Title.ES", "title es" } do
      assert.same({ string.format("offers/x.csv:1:9: error: unknown column '%s'; did you mean 'title.es'?", wrong) },
        problems("id,kind," .. wrong .. ",title.en,url\none,article,Uno,One,/one\ntwo,article,Dos,Two,/two\n"))
    end
    assert.same({ "offers/x.csv:1:9: error: unknown column 'título'; did you mean 'title'?" }, problems "id,kind,título,url\none,article,Uno,/one\n")
    assert.same({
      "offers/x.csv:1:9: error: unknown column 'title_es'; did you mean 'title.es'?",
      "offers/x.csv:2:26: error: offer \"one\": stages: no stage \"decison\"; did you mean 'decision'?",
    }, problems "id,kind,title_es,title.en,url,stages\none,article,Uno,One,/one,decison\n")
    assert.same({ "offers/x.csv:1:19: error: unknown column 'limit_clicks'; did you mean 'limit.clicks'?" },
      problems "id,kind,title,url,limit_clicks\none,article,Uno,/one,2\n")
  end)

  it("answers rows that are longer than the first", function()
    local loader = support.load_changed { ["offers/x.csv"] = "id,kind,title,url\none,article,Uno, dos,/one\ntwo,article,Dos,/two,,\n" }
    assert.same({ "offers/x.csv:2:1: error: this row has 5 cells, the first row names 4 columns" }, support.lines(loader))
    assert.equal('a text with a comma in it stands in quotes: "one, two"', loader.problems[1].hint)
  end)

  it("answers lists that are separated otherwise than by bars", function()
    local loader = support.load_changed { ["offers/x.csv"] = "id,kind,title,url,tags\none,article,Uno,/one,crm;erp\n" }
    assert.truthy(loader.problems[1].hint:find("with a bar between them: crm|erp", 1, true))
  end)

  it("finds cells between semicolons, which may have commas in them", function()
    assert.same({
      'offers/x.csv:2:21: error: offer "one": value: expected a number, 0 or more (what one conversion is worth), got "12,5"',
      "offers/x.csv:3:24: error: offer \"two\": stages: no stage \"decison\"; did you mean 'decision'?",
    }, problems 'id;kind;title;url;value;stages\none;article;U, d;/1;12,5;\ntwo;discount;"D;";/2;3;decison\n')
    assert.same({ "offers/x.csv:1:19: error: unknown column 'vlue'; did you mean 'value'?" }, problems "id;title;kind;url;vlue\n")
    local loader = support.load_changed { ["offers/x.csv"] = "id;kind;title;url\none;article;Uno; dos;/one\n" }
    assert.equal('a text with a semicolon in it stands in quotes: "one; two"', loader.problems[1].hint)
  end)

  it("answers columns that are separated otherwise", function()
    local loader = support.load_changed { ["offers/x.csv"] = "id\tkind\ttitle\none\tarticle\tUno\n" }
    assert.same({ "offers/x.csv:1:1: error: the columns can't be told apart" }, support.lines(loader))
    assert.equal("this file separates columns by tabs; save it as CSV, with commas or semicolons", loader.problems[1].hint)
  end)

  it("passes on what the host can't read", function()
    assert.same({ 'offers/x.csv:2: error: a quoted cell is never closed' }, problems 'id\n"one\n')
  end)

  it("leaves an empty file alone", function()
    assert.same({}, problems "")
  end)

  it("says by itself what a row holds", function()
    local columns = csv.read_header({ "id", "stock", "data.x", "kind", "title" }, nil, nil)
    assert.same({ "a", { data = { x = 9007199254740992 } } }, { csv.read_row(columns, { "a", "", "9007199254740992" }) })
    assert.same({ "a", { data = { x = "9007199254740993" } } }, { csv.read_row(columns, { "a", "", "9007199254740993" }) })
    assert.same({ "a", { stock = 5, data = { x = "1e5" } } }, { csv.read_row(columns, { " a ", "5", "1e5" }) })
    assert.is_true(csv.is_blank({ "", " " }))
    assert.is_false(csv.is_blank({ "", "x" }))
  end)

  it("doubts numbers in thousands and those with a comma, once in a column", function()
    local loader = support.load_changed { ["offers/x.csv"] = "id;kind;title;url;value;data.precio;data.n\none;article;U;/1;1.200;349,50;1.5\n"
      .. "two;article;D;/2;2.400;12,5;x\n" }
    assert.same({
      'offers/x.csv:2:18: warning: offer "one": value: a point begins the fraction, so this is 1.2',
      'offers/x.csv:2:24: warning: offer "one": data.precio: "349,50" is kept as a text: numbers are written with a point',
    }, support.lines(loader))
    assert.equal("write 1200 if thousands are meant, 1.2 if not; likewise in the rows below", loader.problems[1].hint)
    assert.equal("write 349.5 if a number is meant; likewise in the rows below", loader.problems[2].hint)
    assert.same({}, problems "id,kind,title,url,value,data.v,stock\none,article,U,/1,12.5,1.2.3,3\n")
  end)
end)
