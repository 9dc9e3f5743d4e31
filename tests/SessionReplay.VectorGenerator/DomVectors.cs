namespace SessionReplay.VectorGenerator;

/// <summary>Section 2.4: rules D1 to D7.</summary>
internal static class DomVectors
{
    public static IEnumerable<Vector> All()
    {
        yield return Success(
            "meta", "The address and the size of a page.", DomBlocks.Meta,
            """[{"type":4,"data":{"href":"https://shop.example/cart","width":1280,"height":720}}]""");
        yield return Success(
            "kinds", "Every kind of value, in a mixed column; arrays in arrays; a key that is written; a string that is used twice.",
            Kinds(),
            """[{"a":[null,true,false,-7,0.5,"é",[],[["é"]],{"a":[]}]}]""");
        yield return Success(
            "long-number", "A number of eight bytes where one would do.",
            DomBlocks.WithColumn(1, column => column with { Data = [0x88, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0] }),
            """[{"type":4,"data":{"href":"https://shop.example/cart","width":1280,"height":720}}]""");
        yield return Success(
            "lone-surrogate", "Half a surrogate pair, which the text has as U+FFFD.",
            DomBlocks.With(block =>
            {
                block.Columns[3] = block.Columns[3] with { Strings = ["x\uFFFD\uFFFD"u8.ToArray()] };
                block.LoneSurrogates = [1, 4, 0, 1, .. Proto.Varint(0xD83D)];
            }),
            """[{"type":4,"data":{"href":"x\ud83d\ufffd","width":1280,"height":720}}]""");
        foreach (var vector in Layout().Concat(Values()))
        {
            yield return vector;
        }
    }

    private static IEnumerable<Vector> Layout()
    {
        yield return Broken("D1", "cut", "The block is cut short.", DomBlocks.Meta[..^1]);
        yield return Broken("D1", "trailing", "A byte follows the block.", [.. DomBlocks.Meta, 0]);
        yield return Broken(
            "D1", "long-number", "A number of nine bytes.",
            DomBlocks.With(block => block.Times = [0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, .. block.Times[1..]]));
        yield return Broken("D2", "events", "More events than bytes.", DomBlocks.With(block => block.Times = [0xFF, 0x7F]));
        yield return Broken(
            "D2", "keys", "131,073 keys.", DomBlocks.With(block => block.Counts = [.. Proto.Varint(131_073), 6, 2]));
        yield return Broken(
            "D3", "key", "A column names key 111, and none is written.", DomBlocks.WithColumn(3, column => column with { Key = 111 }));
        yield return Broken("D3", "column", "A shape names column 6 of 6.", DomBlocks.With(block => block.Shapes[1] = [3, 4, 6]));
        yield return Broken("D3", "contexts", "A shape has columns of two contexts.", DomBlocks.With(block => block.Shapes[1] = [3, 4, 1]));
        yield return Broken("D3", "element", "A shape has the column of the events.", DomBlocks.With(block => block.Shapes[0] = [1, 0]));
        yield return Broken(
            "D3", "elements", "Two columns of elements in one context.",
            DomBlocks.With(block => block.Columns = [.. block.Columns, new(0, 0, 3, [], [], [])]));
        yield return Broken(
            "D3", "root", "No column for the events.", DomBlocks.WithColumn(0, column => column with { Context = DomBlocks.Data }));
        yield return Broken(
            "D3", "array", "An array with an element and no column for it.",
            DomBlocks.WithColumn(4, column => column with { Kind = 6, Data = [1] }));
        yield return Broken(
            "D3", "surrogate", "A lone surrogate in a string that is not there.",
            DomBlocks.With(block => block.LoneSurrogates = [1, 4, 1, 0, .. Proto.Varint(0xD83D)]));
        yield return Broken(
            "D4", "utf8", "A string that is not UTF-8.", DomBlocks.WithColumn(3, column => column with { Strings = [[0xC3, 0x28]] }));
        yield return Broken(
            "D4", "split", "Two strings of which the second begins within a character.",
            DomBlocks.WithColumn(3, column => column with { Data = [0, 0], Strings = [[0xC3], [0xA9]] }));
    }

    private static IEnumerable<Vector> Values()
    {
        yield return Broken("D5", "kind", "A column of kind 8.", DomBlocks.WithColumn(4, column => column with { Kind = 8 }));
        yield return Broken(
            "D5", "mixed-kind", "A value of kind 8 in a mixed column.",
            DomBlocks.WithColumn(4, column => column with { Kind = 0, Kinds = [8] }));
        yield return Broken(
            "D5", "reference", "The second string of a column with one.", DomBlocks.WithColumn(3, column => column with { Data = [2] }));
        yield return Broken(
            "D5", "unused", "A string that the column has and has not used yet.",
            DomBlocks.WithColumn(3, column => column with { Data = [1] }));
        yield return Broken(
            "D5", "integer", "An integer of 12 digits, which is not a time.",
            DomBlocks.WithColumn(4, column => column with { Data = Proto.Varint(100_000_000_000UL << 1) }));
        yield return Broken(
            "D5", "number", "The text of a number is not one.",
            DomBlocks.WithColumn(4, column => column with { Kind = 4, Data = [0], Strings = ["1e"u8.ToArray()] }));
        yield return Broken("D6", "event", "An event that is a number.", DomBlocks.WithColumn(0, column => column with { Kind = 3 }));
        yield return Broken("D6", "shape", "Shape 2 of 2.", DomBlocks.WithColumn(2, column => column with { Data = [2] }));
        yield return Broken(
            "D6", "context", "An object with a shape of another context.", DomBlocks.WithColumn(2, column => column with { Data = [0] }));
        yield return Broken("D6", "deep", "Arrays nested 513 deep with the event.", Deep(513));
        yield return Success(
            "deep", "Arrays nested 512 deep with the event.", Deep(512),
            $$"""[{"data":{{new string('[', 511)}}{{new string(']', 511)}}}]""");
        yield return Broken(
            "D7", "fewer", "A column has no value for the event.", DomBlocks.WithColumn(4, column => column with { Data = [] }));
        yield return Broken(
            "D7", "more", "A column has two values for one event.", DomBlocks.WithColumn(4, column => column with { Data = [1, 1] }));
        yield return Broken(
            "D7", "kinds", "A mixed column has a kind too few.", DomBlocks.WithColumn(4, column => column with { Kind = 0, Kinds = [] }));
        yield return Broken(
            "D7", "strings", "A column has a string that no value uses.",
            DomBlocks.WithColumn(3, column => column with { Strings = [.. column.Strings, "x"u8.ToArray()] }));
        yield return Broken("B5", "zero", "A time of 0.", DomBlocks.With(block => block.Times = [1, 0]));
        yield return Broken("B5", "late", "A time of 2^53.", DomBlocks.With(block => block.Times = [1, .. Proto.Varint(1UL << 54)]));
    }

    private static byte[] Kinds() => DomBlocks.With(block =>
    {
        block.Keys = ["a"];
        block.Columns =
        [
            new(0, 0, 7, [], [0], []),
            new(0, DomBlocks.FirstOwnKey, 6, [], [9], []),
            new(
                DomBlocks.FirstOwnKey, 0, 0, [0, 1, 2, 3, 4, 5, 6, 6, 6, 5, 7], [15, 0, 0, 0, 1, 1, 2, 1],
                ["0.5"u8.ToArray(), "é"u8.ToArray()]),
            new(DomBlocks.FirstOwnKey, DomBlocks.FirstOwnKey, 6, [], [0], []),
        ];
        block.Shapes = [[1], [3]];
    });

    private static byte[] Deep(int depth) => DomBlocks.With(block =>
    {
        block.Columns =
        [
            new(0, 0, 7, [], [0], []), new(0, DomBlocks.Data, 6, [], [1], []),
            new(DomBlocks.Data, 0, 6, [], [.. Enumerable.Repeat((byte)1, depth - 3), 0], []),
        ];
        block.Shapes = [[1]];
    });

    private static Vector Success(string name, string comment, byte[] block, string json) =>
        BatchVectors.OfDom("success", $"dom-{name}", comment, block, ("dom", json));

    private static Vector Broken(string rule, string name, string comment, byte[] block) =>
        BatchVectors.OfDom(rule, $"dom-{name}", comment, block);
}
