using System.Globalization;

namespace SessionReplay.VectorGenerator;

/// <summary>Section 2: rules B1 to B9; the DOM block's are in <see cref="DomVectors"/>.</summary>
internal static class BatchVectors
{
    public const ulong Time = 1_767_323_045_678;

    private static readonly byte[] Session = Bytes.Id("batch session");
    private static readonly byte[] Window = Bytes.Id("batch window");

    /// <summary>A good batch of three events.</summary>
    public static byte[] Good => Batch();

    public static IEnumerable<Vector> All()
    {
        yield return Case("success", "plain", "A bare message: page, DOM, console and custom events.", Good);
        yield return Case("success", "gzip", "The same as one gzip member.", Gzip.Member(Good));
        yield return Case(
            "success", "unknown-field", "Fields that this version does not know are kept.",
            [.. Good, .. Proto.Text(900, "of a later version")]);
        yield return Case("success", "unknown-event", "An event of a kind that this version does not know has a body.", Batch(events: [
            .. Proto.Block(14, DomBlocks.Meta), .. Event(Time + 10, Proto.Block(40, Proto.Text(1, "of a later version"))),
            .. Event(Time + 20, Proto.Block(8, Proto.Text(1, "sale"))),
        ]));
        yield return Case("B1", "group", "A group, which proto3 does not have.", [.. Good, 0xfb, 0x3f, 0x08, 0x01, 0xfc, 0x3f]);
        yield return Case("B1", "truncated", "The message ends within a varint.", [.. Good, 0x78, 0x80]);
        yield return Case("B1", "length", "The length of an event runs past the end.", [.. Good, 0x7a, 0x40, 0x08, 0x01]);
        yield return Case("B1", "wire-type", "Wire type 7 does not exist.", [.. Good, 0x0f]);
        yield return Case("B2", "version", "Version 2.", Batch(version: 2));
        yield return Case("B3", "length", "A session id of 15 bytes.", Batch(session: Session[..15]));
        yield return Case("B3", "twice", "The first of two session ids is not a UUIDv7.", [.. Proto.Text(2, "0123456789abcdef"), .. Good]);
        yield return Case("B3", "not-v7", "A window id that is a UUIDv4.", Batch(window: Bytes.With(Window, 6, 0x41)));
        yield return Case("B4", "none", "No event.", Batch(events: []));
        yield return Case(
            "B4", "many", "2,001 events.",
            Batch(events: [.. Enumerable.Repeat(Event(Time, Proto.Block(8, [])), 2_001).SelectMany(e => e)]));
        yield return Case(
            "B5", "missing", "An event without a time.", Batch(events: Proto.Block(15, Proto.Block(8, Proto.Text(1, "sale")))));
        yield return Case("B5", "late", "A time of 2^53.", Batch(events: Event(1UL << 53, Proto.Block(8, Proto.Text(1, "sale")))));
        yield return Case("B6", "missing", "An event without a body.", Batch(events: Event(Time, [])));
        yield return Case(
            "B8", "utf8", "A custom event's name that is not UTF-8.",
            Batch(events: Event(Time, Proto.Block(8, Proto.Block(1, [0xc3, 0x28])))));
        yield return Case("B9", "checksum", "The checksum of the gzip member is wrong.", Bytes.Flip(Gzip.Member(Good), ^5));
        yield return Case("B9", "trailing", "A byte follows the gzip member.", [.. Gzip.Member(Good), 0]);
        yield return Case("B9", "truncated", "The gzip member is cut.", Gzip.Member(Good)[..^9]);
    }

    /// <summary>A batch of DOM events alone.</summary>
    public static Vector OfDom(string expect, string name, string comment, byte[] block, params (string Name, string Value)[] more) => new(
        "batch", expect, name, comment, Batch(events: Proto.Block(14, block)),
        [("session", Bytes.Hex(Session)), ("window", Bytes.Hex(Window)), ("seq", "3"), ("events", "1"),
            ("first-time", Time.ToString(CultureInfo.InvariantCulture)), .. more]);

    private static Vector Case(string expect, string name, string comment, byte[] input) => new(
        "batch", expect, name, comment, input,
        ("session", Bytes.Hex(Session)), ("window", Bytes.Hex(Window)), ("seq", "3"), ("events", 3.ToString(CultureInfo.InvariantCulture)),
        ("first-time", Time.ToString(CultureInfo.InvariantCulture)));

    private static byte[] Batch(ulong version = 1, byte[]? session = null, byte[]? window = null, byte[]? events = null) =>
    [
        .. Proto.Number(1, version), .. Proto.Block(2, session ?? Session), .. Proto.Block(3, window ?? Window), .. Proto.Number(4, 3),
        .. Proto.Text(5, "0.1.0"),
        .. Proto.Block(7, [.. Proto.Text(1, "https://shop.example/cart"), .. Proto.Text(2, "Cart"), .. Proto.Number(4, 1280)]),
        .. events ?? [
            .. Proto.Block(14, DomBlocks.Meta),
            .. Event(Time + 10, Proto.Block(3, [.. Proto.Text(1, "error"), .. Proto.Text(2, "out of stock \u2013 try again")])),
            .. Event(Time + 20, Proto.Block(8, [.. Proto.Text(1, "checkout"), .. Proto.Text(2, """{"items":2}""")])),
        ],
    ];

    private static byte[] Event(ulong time, byte[] body) => Proto.Block(15, [.. Proto.Number(1, time), .. body]);
}
