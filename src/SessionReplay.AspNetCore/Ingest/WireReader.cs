using SessionReplay.Format;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>Walks the fields of a protobuf message without copying. It refuses what Google.Protobuf refuses, and groups, which proto3 does not have.</summary>
internal ref struct WireReader(Span<byte> message)
{
    public const int Varint = 0;
    public const int Fixed64 = 1;
    public const int Bytes = 2;
    public const int Fixed32 = 5;

    private readonly Span<byte> _message = message;
    private int _position;

    /// <summary>The number of the field that was read.</summary>
    public int Field { get; private set; }

    /// <summary>Its wire type.</summary>
    public int WireType { get; private set; }

    /// <summary>Its value when the wire type is <see cref="Varint"/>.</summary>
    public ulong Number { get; private set; }

    /// <summary>Its content when the wire type is <see cref="Bytes"/>.</summary>
    public Span<byte> Content { get; private set; }

    /// <summary>Tells whether bytes are a well-formed message. Unlike <see cref="Read"/> it costs no exception where they are not.</summary>
    public static bool IsMessage(Span<byte> bytes)
    {
        var reader = new WireReader(bytes);
        while (reader._position < bytes.Length)
        {
            if (reader.TryRead() is not null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads the next field; those of other wire types than <see cref="Varint"/> and <see cref="Bytes"/> are stepped over and told by their number.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="FormatRejectedException">Rule B1 is broken.</exception>
    public bool Read()
    {
        if (_position == _message.Length)
        {
            return false;
        }

        return TryRead() is { } problem ? throw new FormatRejectedException("B1", $"The batch is no well-formed protobuf message: {problem}.") : true;
    }

    // Gives what is wrong.
    private string? TryRead()
    {
        if (ReadVarint(out var tag) is { } problem)
        {
            return problem;
        }

        if (tag is > uint.MaxValue or < 8)
        {
            return "a field has no number";
        }

        Field = (int)(tag >> 3);
        WireType = (int)(tag & 7);
        switch (WireType)
        {
            case Varint:
                problem = ReadVarint(out var number);
                Number = number;
                return problem;
            case Fixed64:
                return Skip(8);
            case Bytes:
                return ReadContent();
            case Fixed32:
                return Skip(4);
            default:
                return "a field has an unknown wire type, or is a group";
        }
    }

    private string? ReadContent()
    {
        if (ReadVarint(out var length) is { } problem)
        {
            return problem;
        }

        if (length > (ulong)(_message.Length - _position))
        {
            return "a length runs past the end";
        }

        Content = _message.Slice(_position, (int)length);
        _position += (int)length;
        return null;
    }

    private string? Skip(int length)
    {
        if (length > _message.Length - _position)
        {
            return "it is truncated";
        }

        _position += length;
        return null;
    }

    private string? ReadVarint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_position == _message.Length)
            {
                return "it is truncated";
            }

            var b = _message[_position++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return null;
            }
        }

        return "a number has more than 10 bytes";
    }
}
