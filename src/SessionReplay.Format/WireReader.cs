
namespace SessionReplay.Format;

/// <summary>
/// Walks the fields of a protobuf message without copying. It rejects what Google.Protobuf rejects, and groups, which proto3 does not have.
/// </summary>
/// <param name="message">The message.</param>
public ref struct WireReader(Span<byte> message)
{
    /// <summary>The wire type of a varint.</summary>
    public const int Varint = 0;

    /// <summary>The wire type of 8 bytes.</summary>
    public const int Fixed64 = 1;

    /// <summary>The wire type of bytes, strings and messages.</summary>
    public const int Bytes = 2;

    /// <summary>The wire type of 4 bytes.</summary>
    public const int Fixed32 = 5;

    private readonly Span<byte> _message = message;
    private int _position;

    /// <summary>Gets the number of the field that was read.</summary>
    public int Field { get; private set; }

    /// <summary>Gets its wire type.</summary>
    public int WireType { get; private set; }

    /// <summary>Gets its value when the wire type is <see cref="Varint"/>.</summary>
    public ulong Number { get; private set; }

    /// <summary>Gets its content when the wire type is <see cref="Bytes"/>.</summary>
    public Span<byte> Content { get; private set; }

    /// <summary>
    /// Returns whether bytes are a well-formed message. Unlike <see cref="Read"/> it throws no exception if they are not.
    /// </summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>Whether they are a message.</returns>
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

    /// <summary>Reads the next field; of other wire types than <see cref="Varint"/> and <see cref="Bytes"/> only the number.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="FormatRejectedException">Rule B1 is broken.</exception>
    public bool Read()
    {
        if (_position == _message.Length)
        {
            return false;
        }

        return TryRead() is { } problem
            ? throw new FormatRejectedException("B1", $"The batch is not a well-formed protobuf message: {problem}.")
            : true;
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
