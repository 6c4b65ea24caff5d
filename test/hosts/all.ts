import "./kysely.ts";
import "./nest.ts";
import "./plain-sql.ts";
import "./prisma.ts";
import "./sequelize.ts";
import "./typeorm.ts";
