using System.Text;

namespace SessionReplay.VectorGenerator;

/// <summary>Writes DOM blocks by hand, right and wrong ones (docs/format/v1.md, section 2.4).</summary>
internal sealed class DomBlocks
{
    // Numbers of known keys.
    public const byte Element = 0;
    public const byte Type = 1;
    public const byte Data = 2;
    public const byte Href = 25;
    public const byte Width = 26;
    public const byte Height = 27;
    public const ulong FirstOwnKey = 111;

    public byte[] Times { get; set; } = [1, .. Proto.Varint(BatchVectors.Time << 1)];

    public string[] Keys { get; set; } = [];

    public Column[] Columns { get; set; } =
    [
        new(Element, Element, 7, [], [0], []),
        new(Element, Type, 3, [], [4 << 1], []),
        new(Element, Data, 7, [], [1], []),
        new(Data, Href, 5, [], [0], ["https://shop.example/cart"u8.ToArray()]),
        new(Data, Width, 3, [], Proto.Varint(1280 << 1), []),
        new(Data, Height, 3, [], Proto.Varint(720 << 1), []),
    ];

    public byte[][] Shapes { get; set; } = [[1, 2], [3, 4, 5]];

    public byte[] Counts { get; set; } = [];

    public byte[] LoneSurrogates { get; set; } = [0];

    /// <summary>The page's size and address, the first event of a window.</summary>
    public static byte[] Meta => new DomBlocks().Bytes();

    public static byte[] With(Action<DomBlocks> change)
    {
        var block = new DomBlocks();
        change(block);
        return block.Bytes();
    }

    /// <summary>Changes a column of the good block.</summary>
    public static byte[] WithColumn(int index, Func<Column, Column> change) =>
        With(block => block.Columns[index] = change(block.Columns[index]));

    public byte[] Bytes()
    {
        byte[][] texts = [.. Keys.Select(Encoding.UTF8.GetBytes), .. Columns.SelectMany(column => column.Strings)];
        byte[] counts = Counts.Length > 0 ? Counts : [(byte)Keys.Length, (byte)Columns.Length, (byte)Shapes.Length];
        return
        [
            .. Times, .. counts, .. Columns.SelectMany(column => column.Head()),
            .. Shapes.SelectMany(shape => new[] { (byte)shape.Length }.Concat(shape)),
            .. Columns.SelectMany(column => column.Kinds), .. Columns.SelectMany(column => column.Data),
            .. texts.SelectMany(text => Proto.Varint((ulong)text.Length)), .. texts.SelectMany(text => text), .. LoneSurrogates,
        ];
    }

    internal sealed record Column(ulong Context, ulong Key, byte Kind, byte[] Kinds, byte[] Data, byte[][] Strings)
    {
        public IEnumerable<byte> Head() =>
        [
            .. Proto.Varint(Context), .. Proto.Varint(Key), .. Proto.Varint((ulong)Strings.Length), .. Proto.Varint((ulong)Data.Length),
            Kind,
            .. Kind == 0 ? Proto.Varint((ulong)Kinds.Length) : [],
        ];
    }
}
