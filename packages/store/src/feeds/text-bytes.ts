/**
 * How much the texts beside a feed's entries take (spec V110): what one entry of 300 bytes brings along may be 16 KiB.
 *
 *     bodies ─triggers▶ feeds.text_bytes
 *
 * @module
 */

/** An entry goes before its text does; a text may go alone. */
export const textBytesCounted = `
  alter table feeds add column text_bytes integer not null default 0;
  update feeds set text_bytes = (
    select ifnull(sum(length(b.bytes)), 0) from entries e join bodies b on b.entry = e.id where e.feed = feeds.id
  );
  create trigger text_kept after insert on bodies begin
    update feeds set text_bytes = text_bytes + length(new.bytes)
      where id = (select feed from entries where id = new.entry);
  end;
  create trigger text_gone after delete on bodies begin
    update feeds set text_bytes = text_bytes - length(old.bytes)
      where id = (select feed from entries where id = old.entry);
  end;
  create trigger text_left after delete on entries begin
    update feeds set text_bytes = text_bytes - ifnull((select length(bytes) from bodies where entry = old.id), 0)
      where id = old.feed;
  end;
`
