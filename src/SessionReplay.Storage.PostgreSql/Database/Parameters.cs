using Npgsql;
using NpgsqlTypes;
using SessionReplay.Catalog;

namespace SessionReplay.Storage.PostgreSql.Database;

/// <summary>Makes parameters with their types said, so that a null has one too.</summary>
internal static class Parameters
{
    public static NpgsqlParameter Of(string name, string? value) =>
        Make(name, NpgsqlDbType.Text, value is null ? null : DatabaseText.Of(value));

    public static NpgsqlParameter Of(string name, long? value) => Make(name, NpgsqlDbType.Bigint, value);

    public static NpgsqlParameter Of(string name, Guid? value) => Make(name, NpgsqlDbType.Uuid, value);

    public static NpgsqlParameter Of(string name, bool value) => Make(name, NpgsqlDbType.Boolean, value);

    public static NpgsqlParameter Of(string name, ReadOnlyMemory<byte> value) => Make(name, NpgsqlDbType.Bytea, value.ToArrayOrSame());

    /// <summary>Null for no bytes.</summary>
    public static NpgsqlParameter OfOptional(string name, ReadOnlyMemory<byte> value) =>
        Make(name, NpgsqlDbType.Bytea, value.ToArrayOrNull());

    public static NpgsqlParameter Of(string name, IReadOnlyList<string> value) =>
        Make(name, NpgsqlDbType.Array | NpgsqlDbType.Text, value.Select(DatabaseText.Of).ToArray());

    public static NpgsqlParameter Of(string name, IReadOnlyList<ReadOnlyMemory<byte>> value) =>
        Make(name, NpgsqlDbType.Array | NpgsqlDbType.Bytea, value.Select(item => item.ToArray()).ToArray());

    public static NpgsqlParameter Of(string name, IReadOnlyCollection<ContentHash> value) =>
        Make(name, NpgsqlDbType.Array | NpgsqlDbType.Bytea, value.Select(static hash => hash.ToBytes()).ToArray());

    public static NpgsqlParameter Of(string name, IReadOnlyList<long> value) =>
        Make(name, NpgsqlDbType.Array | NpgsqlDbType.Bigint, value.ToArray());

    public static NpgsqlParameter Of(string name, IReadOnlyList<Guid> value) =>
        Make(name, NpgsqlDbType.Array | NpgsqlDbType.Uuid, value.ToArray());

    private static NpgsqlParameter Make(string name, NpgsqlDbType type, object? value) => new(name, type) { Value = value ?? DBNull.Value };
}
